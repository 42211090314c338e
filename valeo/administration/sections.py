"""The parts of the administrator's first page, in the order in which a new company needs them."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Section(TextChoices):
    COMPANY = "company", _("Company")
    PEOPLE = "people", _("People and rights")
    NUMBERS = "numbers", _("Numbers")
    BOOKS = "books", _("Fiscal years and periods")
    RELEASE = "release", _("Release")
    TAXES = "taxes", _("Taxes and terms")
    LISTS = "lists", _("Code lists")
    RECORD = "record", _("Record and jobs")
