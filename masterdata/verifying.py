"""A proof for ``verify_audit``: every row of the master data is what its last audit entry vouches for."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.utils.translation import gettext as _

from masterdata.content import AUDITED, hashes, rows_of
from valeo.audit.models import AuditEntry


def verify_masterdata(company_id: int) -> Iterator[str]:
    """What does not fit, in words: a changed row, a row without an entry, a row that is gone."""
    for model in AUDITED:
        yield from _verify(model, company_id)


def _verify(model: type[models.Model], company_id: int) -> Iterator[str]:
    name = model._meta.verbose_name
    stored = hashes(model, rows_of(model, None, company_id=company_id))
    vouched = _last_entries(model, company_id)
    for pk, content in stored.items():
        if pk not in vouched:
            yield _("%(name)s %(id)s has no audit entry.") % {"name": name, "id": pk}
        elif vouched[pk] != content:
            yield _("%(name)s %(id)s is not what its last audit entry says.") % {"name": name, "id": pk}
    for pk in vouched.keys() - stored.keys():
        yield _("%(name)s %(id)s is in the audit record and no longer in the database.") % {
            "name": name,
            "id": pk,
        }


def _last_entries(model: type[models.Model], company_id: int) -> dict[int, str]:
    """The content hash that the last entry with one vouches for, by id."""
    entries = AuditEntry.everywhere.filter(
        company_id=company_id, object_type=model._meta.label_lower, data__has_key="content"
    )
    return dict(
        entries.order_by("object_id", "-seq").distinct("object_id").values_list("object_id", "data__content")
    )
