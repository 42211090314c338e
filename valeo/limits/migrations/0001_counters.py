"""The table of the counters: no model, since it is a cache and not a record of anything.

UNLOGGED: nothing of it goes to the write-ahead log, and after a crash it is empty, which a rate limit may be.
"""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE limits_counter (
                key text PRIMARY KEY,
                value bigint NOT NULL,
                expires_at timestamptz NOT NULL
            ) WITH (fillfactor = 50);
            CREATE INDEX limits_counter_expires_at ON limits_counter (expires_at);
            """,
            "DROP TABLE limits_counter",
        ),
    ]
