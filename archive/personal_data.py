"""What the archive holds about people: the issued papers themselves, and who made a copy."""

from __future__ import annotations

from archive.models import ArchivedFile, ArchivedPaper
from valeo.core.personal import Basis, Erase, Retention, declare, impersonal, personal

declare(
    ArchivedFile,
    {
        **impersonal("sha256", "media_type"),
        "name": personal(
            purpose="The paper stored under this name tells names and addresses of the parties as issued",
            basis=Basis.LEGAL_DUTY,
            retention=Retention.VOUCHERS,
            erase=Erase.RESTRICT,
        ),
    },
    label_is_personal=False,
)
declare(
    ArchivedPaper,
    {
        **impersonal("paper", "language", "page_size", "template_version"),
        "created_by": personal(
            purpose="Who had a further version of the paper made",
            basis=Basis.LEGAL_DUTY,
            retention=Retention.VOUCHERS,
            erase=Erase.RESTRICT,
        ),
    },
    label_is_personal=False,
)
