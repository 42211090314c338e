"""Changes of these tables give the company a new stamp, see ``valeo/tenancy/reference.py``."""

from __future__ import annotations

from django.db import migrations

from valeo.core.operations import watch_reference


class Migration(migrations.Migration):
    dependencies = [("masterdata", "0001_initial"), ("tenancy", "0002_reference_stamp")]
    operations = watch_reference(
        "masterdata_unit",
        "masterdata_taxcode",
        "masterdata_taxrate",
        "masterdata_taxrule",
        "masterdata_paymentterm",
        "masterdata_paymentterminstalment",
        "masterdata_warehouse",
        "masterdata_pricelist",
        "masterdata_carrier",
        "masterdata_articlegroup",
    )
