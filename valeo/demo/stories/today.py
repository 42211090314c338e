"""Today: corrections, what waits for whom, and drafts. Nothing here is dated back, so the numbers go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from documents.inputs import DraftInput, LineInput
from masterdata.services.partners import update_partner
from valeo.demo.desk import Desk
from valeo.demo.stories import changes
from workflow.services.perform import correct


def tell(desk: Desk) -> None:
    """Corrections first: they take numbers of today."""
    corrections(desk)
    credit_notes(desk)
    taken_back(desk)
    waiting(desk)
    waiting_changes(desk)
    drafts(desk)


def corrections(desk: Desk) -> None:
    """A storno; a wrong price put right in one step, posted; and one that waits for the manager."""
    desk.act(desk.kept["seed"], "cancel", "accountant", "Falscher Rechnungsempfänger.")
    _approve_waiting(desk, "credit_note", "carstens", "manager")
    _correct(desk, "dealer", changes.price(1, "289.00"))
    _approve_waiting(desk, "credit_note", "friedrichsen", "manager")
    _correct(desk, "milk", changes.price(1, "309.00"))


def _correct(desk: Desk, name: str, change: changes.LineChange) -> None:
    storno, successor = correct(document_id=desk.kept[name].document.pk, actor=desk.people["accountant"])
    desk.update(successor, "accountant", change)
    desk.act(storno, "submit", "accountant")


def _approve_waiting(desk: Desk, kind: str, partner: str, by: str, reason: str = "") -> None:
    """The manager opens the one that waits, and approves what it names."""
    found = desk.pending(kind, partner)
    desk.act(found, "approve", by, reason)


def credit_notes(desk: Desk) -> None:
    """The empty pallets, a bonus of the year; and a price difference that waits."""
    pallets = desk.follow(
        "credit_note",
        desk.kept["hens"],
        by="accountant",
        picks={2: "3"},
        reason_kind="quantity",
        change=_with_goods,
    )
    desk.act(pallets, "approve", "manager2", "Rücknahme geprüft.")
    desk.act(pallets, "post", "accountant")
    bonus = desk.new(
        "credit_note", "geest", _bonus_line(desk, "420.00"), by="accountant", reason_kind="bonus",
        supply_from=desk.days.ago(40), supply_to=desk.days.ago(10),
    )  # fmt: skip
    desk.act(bonus, "approve", "manager")
    desk.act(bonus, "post", "accountant")
    desk.follow(
        "credit_note",
        desk.kept["cooperative"],
        by="accountant",
        picks={2: "8"},
        reason_kind="price",
        change=_cheap,
    )


def _bonus_line(desk: Desk, amount: str) -> LineInput:
    return replace(
        desk.line("kasbb", "1", price=amount),
        article_id=None,
        description="Jahresbonus Düngemittel",
        unit="LS",
    )


def _with_goods(data: DraftInput) -> DraftInput:
    return replace(data, lines=tuple(replace(line, with_goods=True) for line in data.lines))


def _cheap(data: DraftInput) -> DraftInput:
    """9 EUR less per tonne, as was agreed by telephone."""
    return replace(data, lines=tuple(replace(line, price=Decimal("9.00")) for line in data.lines))


def taken_back(desk: Desk) -> None:
    """A delivery to the wrong farm, reversed; and a draft that was given up."""
    wrong = desk.new("delivery_note", "boysen", desk.line("garn", "4"), by="clerk2")
    desk.act(wrong, "cancel", "clerk2", "An den falschen Hof geliefert.")
    given_up = desk.new("quotation", "martens", desk.line("kalksack", "20"), submit=False)
    desk.act(given_up, "discard", "clerk", "Der Kunde hat abgesagt.")


def waiting(desk: Desk) -> None:
    """One document for each reason that a manager is asked for."""
    desk.new("sales_order", "jansen", desk.line("milch", "25"), desk.line("mineral", "20"), keep="over limit")
    desk.new(
        "quotation", "gruen", desk.line("kalksack", "200"), desk.line("garn", "20", discount_percent="18"), by="clerk2",
        valid_until=desk.days.ahead(14),
    )  # fmt: skip
    desk.new("sales_order", "ketels", desk.line("harnstoff", "20", price="385.00"))
    desk.new(
        "sales_order", "ingwersen", desk.line("muesli", "20"), desk.line("leckstein", "2", price="0", free_reason="bonus"),
        by="clerk2",
    )  # fmt: skip
    desk.new("sales_order", "matthiesen", desk.line("kassack", "40"), by="clerk2")
    fences = desk.new("sales_order", "andresen", desk.line("litze", "40"))
    desk.follow("delivery_note", fences, by="warehouse")
    over = desk.follow("delivery_note", desk.kept["hens order"], by="warehouse", change=_more("88"))
    desk.kept["over delivery"] = over


def _more(quantity: str) -> Callable[[DraftInput], DraftInput]:
    def change(data: DraftInput) -> DraftInput:
        line = data.lines[0]
        share = Decimal(quantity) / line.quantity
        more = replace(
            line, quantity=Decimal(quantity), price_quantity=(line.price_quantity or line.quantity) * share,
            links=tuple(replace(link, quantity=link.quantity * share) for link in line.links),
        )  # fmt: skip
        return replace(data, lines=(more, *data.lines[1:]))

    return change


def waiting_changes(desk: Desk) -> None:
    """An amendment beyond the discount that clerks may give, and a higher credit limit."""
    desk.amend(desk.kept["eider"], "clerk", "Der Kunde möchte 14 % Rabatt.", changes.line_discount(1, "14"))
    update_partner(
        actor=desk.people["accountant"], uuid=desk.partners["jansen"].uuid,
        values={"credit_limit": Decimal("18000.00")}, reason="Neuer Stall, gute Auskunft der Bank.",
    )  # fmt: skip


def drafts(desk: Desk) -> None:
    """What somebody began and will finish."""
    desk.new("quotation", "paulsen", desk.line("weide", "12"), desk.line("zwischen", "8"), submit=False)
    desk.new("sales_order", "vollertsen", desk.line("kas", "24"), by="clerk2", submit=False)
    desk.follow("delivery_note", desk.kept["partly"], by="warehouse", picks={2: "18"}, submit=False)
    desk.follow("sales_invoice", desk.kept["feed"], by="clerk", submit=False)
    desk.new(
        "credit_note",
        "friedrichsen",
        _bonus_line(desk, "150.00"),
        by="accountant",
        submit=False,
        reason_kind="bonus",
    )
    desk.new(
        "sales_invoice", "clausen", desk.line("probe", "10"), desk.line("wiegen", "12"), by="clerk",
        supply_from=desk.days.ago(4),
    )  # fmt: skip
