"""The main navigation: what the actor may read, with the numbers of what is open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from documents.models import Document
from documents.selectors import lists
from documents.spec import DocumentType
from valeo.office.kinds import allowed
from valeo.office.places import address
from valeo.office.selectors.counting import Count, counts
from valeo.tenancy.actor import Actor
from valeo.tenancy.scopes import READ_SCOPES

#: the tabs whose number says what is to be done, the first that a kind has
WORKING_VIEWS = ("open", "to_invoice", "unpaid")


@dataclass(frozen=True, slots=True)
class Item:
    """One link; ``kind`` lets a document's page mark the list it belongs to."""

    label: str
    url: str
    icon: str
    kind: str = ""
    count: Count = field(default_factory=Count)
    is_due: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    items: list[Item]


def navigation(actor: Actor, path: str, inbox_count: int) -> list[Group]:
    """The groups with their links; one query for all numbers but the inbox's, which the caller knows."""
    kinds = allowed(actor)
    numbers = _numbers(kinds)
    groups = [
        Group("", _first(actor, inbox_count)),
        Group(_("Sales"), _documents(kinds, "sales", numbers)),
        Group(_("Purchase"), _documents(kinds, "purchase", numbers)),
        Group(_("Stock"), _stock(actor)),
        Group(_("Master data"), _master_data(actor)),
        Group(_("Finance"), _finance(actor)),
        Group(_("Administration"), _administration(actor)),
    ]
    groups = [Group(group.label, [item for item in group.items if item.url]) for group in groups]
    return _marked([group for group in groups if group.items], path)


def _first(actor: Actor, inbox_count: int) -> list[Item]:
    found = [Item(_("Overview"), address("dashboard"), "home")]
    if actor.has_any("sales:read", "purchase:read", "finance:read"):
        count = Count(inbox_count)
        found.append(Item(_("Approvals"), address("workflow:inbox"), "inbox", count=count, is_due=True))
    return found


def _numbers(kinds: list[DocumentType]) -> dict[str, Count]:
    working = {item.code: view for item in kinds if (view := _working_view(item)) is not None}
    rows = [Document.objects.filter(kind=code).filter(view.condition) for code, view in working.items()]
    return dict(zip(working, counts(rows), strict=True))


def _documents(kinds: list[DocumentType], domain: str, numbers: dict[str, Count]) -> list[Item]:
    return [
        Item(
            str(item.title_plural), address("documents:list", item.code), item.icon, item.code,
            numbers.get(item.code, Count()),
        )
        for item in kinds if item.domain == domain
    ]  # fmt: skip


def _working_view(document_type: DocumentType) -> lists.View | None:
    """The tab that is counted; a credit that is not yet set off waits for nobody."""
    if document_type.ledger_sign < 0:
        return None
    views = {view.code: view for view in lists.views_of(document_type)}
    return next((views[code] for code in WORKING_VIEWS if code in views), None)


def _stock(actor: Actor) -> list[Item]:
    found = []
    if actor.has_any(*READ_SCOPES):
        found.append(Item(_("Articles"), address("masterdata:articles"), "article"))
    if actor.has("inventory:read"):
        found.append(Item(_("Stock"), address("inventory:stock"), "stock"))
    return found


def _master_data(actor: Actor) -> list[Item]:
    if not actor.has_any(*READ_SCOPES):
        return []
    return [
        Item(_("Partners"), address("masterdata:partners"), "partner"),
        Item(_("Price lists"), address("masterdata:price-lists"), "tag"),
        Item(_("Payment terms"), address("masterdata:terms"), "calendar"),
    ]


def _finance(actor: Actor) -> list[Item]:
    return [Item(_("Open items"), address("payments:items"), "money")] if actor.has("finance:read") else []


def _administration(actor: Actor) -> list[Item]:
    return [Item(_("Administration"), address("admin:index"), "wrench")] if actor.has("admin:all") else []


def _marked(groups: list[Group], path: str) -> list[Group]:
    """The link whose address the page's begins with is current; the longest wins."""
    fitting = [item.url for group in groups for item in group.items if _holds(item.url, path)]
    here = max(fitting, key=len, default="")
    return [
        Group(group.label, [replace(item, current=item.url == here) for item in group.items])
        for group in groups
    ]


def _holds(url: str, path: str) -> bool:
    return path == url or (url != address("dashboard") and path.startswith(url))
