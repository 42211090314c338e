from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from valeo.audit import verifiers


class NumberingConfig(AppConfig):
    name = "numbering"
    verbose_name = _("Numbering")

    def ready(self) -> None:
        # they need the models, which are loaded only now
        from numbering import proofs, services  # noqa: PLC0415
        from valeo.administration import hooks  # noqa: PLC0415

        verifiers.register("numbers", proofs.verify)
        hooks.register_branch_code_guard(services.branch_code_problems)
