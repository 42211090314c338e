from django.db import migrations, models

# What may still change says now whether its rate is the table's, while the table still shows it. Sealed documents stay
# as they are: empty, which their seals leave out (documents/services/proofs.py).
FOUND = """
UPDATE documents_document d SET rate_typed = NOT EXISTS (
    SELECT FROM masterdata_exchangerate r
     WHERE r.company_id = d.company_id AND r.currency = d.currency AND r.valid_from = d.rate_date
       AND r.rate = d.exchange_rate AND r.source = d.rate_source)
  FROM tenancy_company c
 WHERE c.id = d.company_id AND c.currency <> d.currency AND d.state NOT IN ('posted', 'cancelled')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_line_position_no_key"),
        ("masterdata", "0003_exchange_rate"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="rate_typed",
            field=models.BooleanField(
                editable=False,
                help_text="A person's rate, not the table's; empty: from before this was kept",
                null=True,
            ),
        ),
        migrations.RunSQL(FOUND, migrations.RunSQL.noop),
    ]
