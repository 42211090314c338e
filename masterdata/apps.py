from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MasterdataConfig(AppConfig):
    name = "masterdata"
    label = "masterdata"
    verbose_name = _("Master data")

    def ready(self) -> None:
        """Fill the registries of lower floors; imported here, when the models are loaded."""
        from masterdata.verifying import verify_masterdata  # noqa: PLC0415
        from valeo.audit import verifiers  # noqa: PLC0415

        verifiers.register("masterdata", verify_masterdata)
