"""Changes of these tables give the company a new stamp, see ``valeo/tenancy/reference.py``."""

from __future__ import annotations

from django.db import migrations

from valeo.core.operations import watch_reference


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial"), ("tenancy", "0002_reference_stamp")]
    operations = watch_reference("workflow_releaserule", "workflow_companylimits")
