"""Companies, users and their rights."""

from __future__ import annotations

from valeo.tenancy.models.branding import Branding, Logo
from valeo.tenancy.models.company import Branch, Company, CompanyVatScheme
from valeo.tenancy.models.fiscal import FiscalYear, Period
from valeo.tenancy.models.membership import (
    CompanyGroupObjectPermission,
    CompanyUserObjectPermission,
    Membership,
    MembershipRole,
    RoleGroup,
)
from valeo.tenancy.models.user import User

__all__ = [
    "Branch",
    "Branding",
    "Company",
    "CompanyGroupObjectPermission",
    "CompanyUserObjectPermission",
    "CompanyVatScheme",
    "FiscalYear",
    "Logo",
    "Membership",
    "MembershipRole",
    "Period",
    "RoleGroup",
    "User",
]
