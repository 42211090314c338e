from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Open items")

    def ready(self) -> None:
        """Give the floors below what they ask for; imported here, since models exist only now."""
        from documents import panels  # noqa: PLC0415
        from documents.hooks import register_credit  # noqa: PLC0415
        from masterdata import panels as partner_panels  # noqa: PLC0415
        from masterdata.hooks import register_free_credit  # noqa: PLC0415
        from payments.boxes import items_box, partner_box  # noqa: PLC0415
        from payments.selectors.credit import for_document  # noqa: PLC0415
        from payments.selectors.exposure import free_credit  # noqa: PLC0415
        from payments.selectors.proof import verify  # noqa: PLC0415
        from valeo.audit.verifiers import register as register_verifier  # noqa: PLC0415

        register_free_credit(free_credit)
        register_credit(for_document)
        register_verifier("payments", verify)
        panels.register("rail", items_box, order=40)
        partner_panels.register(partner_box, order=20)
