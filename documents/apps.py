from __future__ import annotations

from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from documents.kinds import Kind  # noqa: PLC0415 - models exist only now
        from documents.selectors.numbers import numbers_of  # noqa: PLC0415
        from documents.services import proofs  # noqa: PLC0415
        from numbering import proofs as number_proofs  # noqa: PLC0415
        from valeo.audit import verifiers  # noqa: PLC0415

        verifiers.register("documents", proofs.verify)
        for kind in Kind.values:
            number_proofs.register(kind, partial(numbers_of, kind))
