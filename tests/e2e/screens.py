"""Every screen by its URL pattern, with an address to look at it; and what is no screen, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Scene = dict[str, Any]
KINDS = ("quotation", "sales_order", "delivery_note", "sales_invoice", "credit_note")

#: looked at without a login
PUBLIC: dict[str, list[str]] = {
    "login/": ["/login/", "/login/?next=/partners/"],
    "verify/": ["/verify/"],
    "verify/<str:domain>/<str:number>/<str:code>": ["/verify/sales/INV-2026-00001/AAAAAAAAAAAAAAAAAAAAAA"],
}


def _documents(scene: Scene, *names: str) -> list[str]:
    return [f"/documents/{scene['documents'][name]}/" for name in names]


def _partner(scene: Scene) -> str:
    return f"/partners/{scene['partners']['shown']['uuid']}/"


def _article(scene: Scene) -> str:
    return f"/articles/{scene['articles']['wheat']['uuid']}/"


def _list(scene: Scene) -> str:
    return f"/price-lists/{scene['price_list']}/"


#: looked at as an administrator
SIGNED_IN: dict[str, Callable[[Scene], list[str]]] = {
    "": lambda scene: ["/"],
    "search/": lambda scene: ["/search/?q=petersen", "/search/?q=nirgends"],
    "password/": lambda scene: ["/password/"],
    "settings/": lambda scene: ["/settings/"],
    "partners/": lambda scene: ["/partners/", "/partners/?q=nirgends"],
    "partners/new/": lambda scene: ["/partners/new/"],
    "partners/<uuid:uuid>/": lambda scene: [_partner(scene)],
    "partners/<uuid:uuid>/edit/": lambda scene: [_partner(scene) + "edit/"],
    "partners/<uuid:uuid>/addresses/new/": lambda scene: [_partner(scene) + "addresses/new/"],
    "partners/<uuid:uuid>/contacts/new/": lambda scene: [_partner(scene) + "contacts/new/"],
    "partners/<uuid:uuid>/bank-accounts/new/": lambda scene: [_partner(scene) + "bank-accounts/new/"],
    "partners/<uuid:uuid>/tax-status/": lambda scene: [_partner(scene) + "tax-status/"],
    "articles/": lambda scene: ["/articles/"],
    "articles/new/": lambda scene: ["/articles/new/"],
    "articles/<uuid:uuid>/": lambda scene: [_article(scene)],
    "articles/<uuid:uuid>/edit/": lambda scene: [_article(scene) + "edit/"],
    "price-lists/": lambda scene: ["/price-lists/"],
    "price-lists/new/": lambda scene: ["/price-lists/new/"],
    "price-lists/<uuid:uuid>/": lambda scene: [_list(scene)],
    "price-lists/<uuid:uuid>/edit/": lambda scene: [_list(scene) + "edit/"],
    "price-lists/<uuid:uuid>/prices/new/": lambda scene: [_list(scene) + "prices/new/"],
    "price-lists/<uuid:uuid>/prices/<int:pk>/": lambda scene: [f"{_list(scene)}prices/{scene['price']}/"],
    "terms/": lambda scene: ["/terms/"],
    "terms/new/": lambda scene: ["/terms/new/"],
    "terms/<uuid:uuid>/": lambda scene: [f"/terms/{scene['term']}/"],
    "stock/": lambda scene: ["/stock/"],
    "stock/opening/": lambda scene: ["/stock/opening/"],
    "stock/correction/": lambda scene: ["/stock/correction/"],
    "stock/<uuid:uuid>/": lambda scene: [f"/stock/{scene['articles']['wheat']['uuid']}/"],
    "open-items/": lambda scene: ["/open-items/"],
    "approvals/": lambda scene: [
        "/approvals/",
        f"/approvals/?item={scene['documents']['corrected']}#inbox-item",
    ],
    "documents/<slug:kind>/from/<uuid:uuid>/": lambda scene: [
        f"/documents/delivery_note/from/{scene['documents']['open_order']}/",
        f"/documents/sales_invoice/from/{scene['documents']['unbilled']}/",
    ],
    "documents/<slug:kind>/new/": lambda scene: [f"/documents/{kind}/new/" for kind in KINDS],
    "documents/<uuid:uuid>/": lambda scene: _documents(
        scene, *KINDS, "successor", "pending", "draft", "rejected"
    ),
    "documents/<uuid:uuid>/edit/": lambda scene: [
        _documents(scene, "draft")[0] + "edit/",
        _documents(scene, "open_order")[0] + "edit/?amend=1",
    ],
    "documents/<slug:kind>/": lambda scene: [f"/documents/{kind}/" for kind in KINDS],
    "admin/": lambda scene: ["/admin/"],
    "admin/numbering/numberseries/": lambda scene: ["/admin/numbering/numberseries/"],
    "admin/numbering/numberseries/add/": lambda scene: ["/admin/numbering/numberseries/add/"],
    "admin/numbering/numberseries/proof/": lambda scene: ["/admin/numbering/numberseries/proof/"],
    "admin/masterdata/taxrule/": lambda scene: ["/admin/masterdata/taxrule/"],
    "admin/masterdata/taxcode/": lambda scene: ["/admin/masterdata/taxcode/"],
    "admin/masterdata/taxcode/add/": lambda scene: ["/admin/masterdata/taxcode/add/"],
    "admin/workflow/releaserule/": lambda scene: ["/admin/workflow/releaserule/"],
    "admin/tenancy/user/": lambda scene: ["/admin/tenancy/user/", "/admin/tenancy/user/?q=nirgends"],
    "admin/tenancy/rolegroup/add/": lambda scene: ["/admin/tenancy/rolegroup/add/"],
    "admin/tenancy/fiscalyear/add/": lambda scene: ["/admin/tenancy/fiscalyear/add/"],
    "admin/audit/auditentry/": lambda scene: ["/admin/audit/auditentry/"],
    "admin/tenancy/period/": lambda scene: ["/admin/tenancy/period/"],
    "admin/tenancy/branding/<path:object_id>/change/": lambda scene: [
        f"/admin/tenancy/branding/{scene['branding']}/change/"
    ],
    "admin/tenancy/company/<path:object_id>/change/": lambda scene: [
        f"/admin/tenancy/company/{scene['company_pk']}/change/"
    ],
}

#: no screens: what answers a POST, a script or a machine, and parts of screens above
ELSEWHERE = {
    "styleguide/": "with VALEO_DEBUG only; tests/core/components looks at it",
    "styleguide/errors/<slug:code>/": "likewise; the real ones are looked at in test_breaking.py",
    "healthz": "for machines",
    "readyz": "for machines",
    "robots.txt": "for machines",
    "logout/": "POST",
    "language/": "POST",
    "company/": "POST",
    "branding/<uuid:company>.css": "a stylesheet",
    "branding/<uuid:branding>/logo": "a picture",
    "api/workflow/replay/<str:channels>": "JSON",
    "lookup/partners": "JSON",
    "lookup/articles": "JSON",
    "lookup/stock": "JSON",
    "lookup/lots": "JSON",
    "partners/<uuid:uuid>/block/": "POST",
    "partners/<uuid:uuid>/active/": "POST",
    "partners/<uuid:uuid>/addresses/<uuid:part>/": "the form of addresses/new/ with values",
    "partners/<uuid:uuid>/contacts/<uuid:part>/": "the form of contacts/new/ with values",
    "partners/<uuid:uuid>/bank-accounts/<uuid:part>/": "the form of bank-accounts/new/ with values",
    "partners/<uuid:uuid>/<slug:kind>/<uuid:part>/remove/": "POST",
    "articles/<uuid:uuid>/active/": "POST",
    "price-lists/<uuid:uuid>/prices/<int:pk>/remove/": "POST",
    "documents/<uuid:document>/paper/<slug:code>.pdf": "a PDF",
    "documents/<slug:kind>/preview/": "JSON",
    "documents/<uuid:uuid>/note/": "POST",
    "documents/<uuid:uuid>/act/": "POST; its reason page is looked at in test_without_script.py",
    "documents/<uuid:uuid>/correct/": "POST",
    "approvals/bulk/": "POST",
    "counts/": "JSON",
    "bell/seen/": "POST",
    "approvals/amendments/<uuid:uuid>/": "POST",
    "approvals/changes/<uuid:uuid>/": "POST",
}


def is_plain_admin(pattern: str) -> bool:
    """Django's own list and form pages: one of each kind stands above for all."""
    return pattern.startswith("admin/")
