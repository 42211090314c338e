"""The stamp of a company's reference data, see ``valeo/tenancy/reference.py``."""

from __future__ import annotations

from django.db import migrations

from valeo.core.operations import watch_reference

CREATE = """
CREATE SEQUENCE tenancy_reference_seq;
CREATE TABLE tenancy_referencestamp (company_id bigint PRIMARY KEY, stamp bigint NOT NULL);
INSERT INTO tenancy_referencestamp SELECT id, nextval('tenancy_reference_seq') FROM tenancy_company;
CREATE FUNCTION tenancy_new_reference() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    UPDATE tenancy_referencestamp SET stamp = nextval('tenancy_reference_seq');
  ELSE
    INSERT INTO tenancy_referencestamp (company_id, stamp)
    SELECT c.company_id, nextval('tenancy_reference_seq')
      FROM (SELECT DISTINCT company_id FROM changed ORDER BY company_id) c
    ON CONFLICT (company_id) DO UPDATE SET stamp = excluded.stamp;
  END IF;
  RETURN NULL;
END $$;
"""
DROP = """
DROP FUNCTION tenancy_new_reference();
DROP TABLE tenancy_referencestamp;
DROP SEQUENCE tenancy_reference_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]
    operations = [
        migrations.RunSQL(CREATE, DROP),
        *watch_reference("tenancy_branding", "tenancy_companyvatscheme"),
    ]
