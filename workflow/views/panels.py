"""What workflow puts on the document page: the buttons, the exceptions to decide, a waiting amendment."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.case import Case
from documents.kinds import Relation, RevisionState
from documents.models import Revision
from documents.panels import Panel
from documents.selectors.chain import corrected_by
from documents.services.content import unit_symbols
from documents.states import State
from masterdata.models import Partner
from masterdata.panels import Panel as PartnerPanel
from valeo.core.components import formats
from valeo.tenancy.actor import Actor
from workflow.models import Approval, DocumentException
from workflow.selectors import changes, inbox
from workflow.selectors.asking import asked, half_of, named
from workflow.services import closing
from workflow.services.options import ActionOption, available_actions
from workflow.views.follow_ups import follow_ups

ICONS = {
    "submit": "send", "approve": "check", "post": "st-posted", "reject": "x", "withdraw": "undo", "revise": "pencil",
    "reopen": "reopen", "discard": "trash", "cancel": "ban", "close": "list-checks", "unclose": "reopen",
    "accept": "check", "decline": "x",
}  # fmt: skip
_IN_MENU = {"discard", "cancel", "close", "unclose", "reopen", "accept", "decline", "withdraw"}


def buttons(case: Case, actor: Actor) -> Panel:
    """One primary action, the rest in order, rare ones behind "…"."""
    document = case.document
    symbols = unit_symbols(case)
    options = available_actions(case, actor)
    ways_on = follow_ups(case, actor)
    has_primary = any(option.is_primary for option in options)
    forward = [item for item in ways_on if item.allowed and item.forward]
    if forward and not has_primary:
        forward[0].primary = True
    may_amend = (
        document.state == State.POSTED and document.is_commitment and actor.has_any(*case.type.scopes.post)
    )
    may_correct = (
        document.state == State.POSTED
        and case.type.cancel_by == "storno"
        and actor.has_any(*case.type.scopes.post)
    )
    return Panel(
        "workflow/panels/actions.html",
        {
            "document": document,
            "options": _buttons([option for option in options if option.code not in _IN_MENU]),
            "menu": [_button(option) for option in options if option.code in _IN_MENU],
            "dialogs": [_button(option) for option in options if option.needs_reason and option.allowed],
            "follow_ups": ways_on,
            "amend_url": f"{reverse('documents:edit', args=[document.uuid])}?amend=1" if may_amend else "",
            "correct_url": reverse("workflow:correct", args=[document.uuid]) if may_correct else "",
            "act_url": reverse("workflow:act", args=[document.uuid]),
            "close_lines": [
                {
                    "pk": line.pk,
                    "position": line.position,
                    "text": line.description,
                    "rest": rest,
                    "unit": symbols.get(line.unit, line.unit),
                }
                for line in case.lines
                if (rest := closing.open_rest(case, line)) > 0
            ]
            if document.is_commitment and document.state == State.POSTED
            else [],
            "hidden": {"version": document.version},
            "accepted": [row.pk for row in asked(case)],
        },
    )


def _buttons(options: list[ActionOption]) -> list[dict[str, Any]]:
    """Neighbours that are impossible for the same reason say it once, after the last of them."""
    found = [_button(option) for option in options]
    for button, after in pairwise(found):
        button["tells"] = button["reason"] != after["reason"]
    return found


def _button(option: ActionOption) -> dict[str, Any]:
    return {
        "code": option.code,
        "label": option.label,
        "reason": " ".join(option.reasons),
        "tells": True,
        "allowed": option.allowed,
        "needs_reason": option.needs_reason,
        "kind": "primary" if option.is_primary else ("danger" if option.danger else ""),
        "danger": option.danger,
        "icon": ICONS.get(option.code, "right"),
        "dialog": f"dlg-{option.code}",
    }


def to_decide(case: Case, actor: Actor) -> Panel | None:
    """What waits for a person, each exception by itself; and what was decided."""
    document = case.document
    decided = list(
        Approval.objects.filter(document=document, voided_at__isnull=True)
        .select_related("decided_by")
        .order_by("pk")
    )
    pair = half_of(case)
    if not (decided or pair or document.state == State.PENDING):
        return None
    return Panel(
        "workflow/panels/decide.html",
        {
            "document": document,
            "waits": document.state == State.PENDING,
            "exceptions": asked(case),
            "decided": decided,
            "corrected": _corrected(case) if pair else None,
            "pair": [
                {
                    "number": str(other),
                    "url": reverse("documents:detail", args=[other.uuid]),
                    "state": other.state,
                }
                for other in pair
            ],
        },
    )


def _corrected(case: Case) -> dict[str, str] | None:
    """The voucher that a storno and its successor correct, from either of them."""
    cancels = (
        case.sources.get(link.source_document_id)
        for link in case.links_in
        if link.relation == Relation.CANCELS
    )
    original = corrected_by(case) or next(cancels, None)
    if original is None:
        return None
    return {"number": str(original), "url": reverse("documents:detail", args=[original.uuid])}


def amendment(case: Case, actor: Actor) -> Panel | None:
    """A proposed new revision that waits, with the difference."""
    document = case.document
    if not document.is_commitment or document.state != State.POSTED:
        return None
    revision = (
        Revision.objects.filter(document=document, state=RevisionState.PENDING)
        .select_related("proposed_by")
        .first()
    )
    if revision is None:
        return None
    rows = DocumentException.objects.filter(document=document, is_open=True, revision=revision.number)
    return Panel(
        "workflow/panels/amendment.html",
        {
            "document": document,
            "revision": revision,
            "exceptions": named(rows, [document]),
            **amended(case, revision),
            "decide_url": reverse("workflow:amendment", args=[revision.uuid]),
            "hindrance": inbox.hindrance_of(revision, actor),
            "may_withdraw": actor.has_any(*case.type.scopes.post),
        },
    )


def partner_changes(partner: Partner, actor: Actor) -> PartnerPanel | None:
    """What was asked for and is not in force yet, for those who see such changes wait."""
    if not actor.has_any(*inbox.SEES_CHANGES):
        return None
    rows = [
        {
            "differences": changes.differences(row), "by": row.requested_by or _("The system"), "since": row.requested_at,
            "reason": row.reason, "url": f"{reverse('workflow:inbox')}?item={row.uuid}",
        }
        for row in changes.waiting_for(partner)
    ]  # fmt: skip
    return PartnerPanel("workflow/panels/partner_changes.html", {"rows": rows}) if rows else None


def amended(case: Case, revision: Revision) -> dict[str, Any]:
    """What an amendment changes: the total as it is and as it is to be, and the lines."""
    currency = case.document.currency
    return {
        "old": formats.money(case.document.gross_total, currency),
        "new": formats.money(revision.content["totals"]["gross"], currency),
        "lines": _line_changes(case, revision.content),
    }


def _line_changes(case: Case, content: dict[str, Any]) -> list[str]:
    now = {line.position: line for line in case.lines}
    changed = []
    for row in content["lines"]:
        line = now.pop(row["position"], None)
        if line is None:
            changed.append(_("new line: %(text)s") % {"text": row["description"]})
            continue
        for pattern, shown, old, new in (
            (
                _("line %(line)s: quantity %(old)s → %(new)s"),
                formats.quantity,
                line.quantity,
                row["quantity"],
            ),
            (_("line %(line)s: price %(old)s → %(new)s"), formats.price, line.price, row["price"]),
            (
                _("line %(line)s: discount %(old)s → %(new)s"),
                formats.percent,
                line.discount_percent,
                row["discount_percent"],
            ),
        ):
            if shown(old) != shown(new):
                changed.append(pattern % {"line": line.position, "old": shown(old), "new": shown(new)})
    changed += [_("line %(line)s is removed") % {"line": position} for position in now]
    return changed
