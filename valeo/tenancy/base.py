"""What every row of a company is made of."""

from __future__ import annotations

import uuid
from typing import ClassVar, TypeVar

from django.db import models
from django.db.models.constraints import BaseConstraint

from valeo.tenancy.scope import CurrentCompany

_M = TypeVar("_M", bound=models.Model)


class CompanyManager(models.Manager[_M]):
    """Only the rows of the company in scope; raises when none is in scope."""

    def get_queryset(self) -> models.QuerySet[_M]:
        return super().get_queryset().filter(company_id=CurrentCompany())


class CompanyOwned(models.Model):
    """A row that belongs to exactly one company.

    ``objects`` sees the company in scope only; ``everywhere`` sees all (services that cross companies, workers).
    A subclass with own constraints writes ``constraints = [*CompanyOwned.Meta.constraints, ...]``.
    """

    id = models.BigAutoField(primary_key=True)
    company = models.ForeignKey("tenancy.Company", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[CompanyManager] = CompanyManager()  # type: ignore[type-arg]
    everywhere: ClassVar[models.Manager] = models.Manager()  # type: ignore[type-arg]

    class Meta:
        abstract = True
        base_manager_name = "everywhere"
        constraints: ClassVar[list[BaseConstraint]] = [
            models.UniqueConstraint(fields=["company", "id"], name="%(class)s_company_id"),
        ]


class PublicId(models.Model):
    """A row that URLs, API, live events and QR codes name by its UUID."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True
