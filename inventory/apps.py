from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = _("Stock")

    def ready(self) -> None:
        """Give the floors below what they ask for; imported here, since models exist only now."""
        from documents import panels  # noqa: PLC0415
        from documents.hooks import register_availability as for_documents  # noqa: PLC0415
        from documents.services.proofs import register_ledger  # noqa: PLC0415
        from inventory.boxes import movements_box  # noqa: PLC0415
        from inventory.models import StockMovement  # noqa: PLC0415
        from inventory.selectors.offers import article_objections, for_document  # noqa: PLC0415
        from inventory.selectors.proof import verify  # noqa: PLC0415
        from inventory.selectors.stock import available  # noqa: PLC0415
        from masterdata.hooks import register_article_guard, register_availability  # noqa: PLC0415
        from valeo.audit.verifiers import register as register_verifier  # noqa: PLC0415

        register_availability(available)
        register_article_guard(article_objections)
        for_documents(for_document)
        register_verifier("inventory", verify)
        register_ledger(StockMovement._meta.db_table, "document_id")
        panels.register("main", movements_box, order=50)
