"""Rules of architecture.md § 1 that a reader of the source can check."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.source import Module, files, modules

KIND_CODES = {
    "quotation",
    "sales_order",
    "delivery_note",
    "sales_invoice",
    "credit_note",
    "purchase_request",
    "purchase_order",
    "goods_receipt",
    "supplier_invoice",
    "supplier_credit_note",
    "self_billed_invoice",
}
SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init"}


def signals(module: Module) -> Iterator[str]:
    """Our own signals, and receivers of the models'. What the framework itself offers no other hook for passes."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals":
            names = {alias.name for alias in node.names} & SIGNALS
            if names:
                yield f"{node.lineno}: {', '.join(sorted(names))}"
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Signal"
        ):
            yield f"{node.lineno}: Signal()"


def save_methods(module: Module) -> Iterator[str]:
    """``save`` of a model does nothing of its own."""
    parts = module.name.split(".")
    if "models" not in parts:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
            yield f"{node.lineno}: {node.name}()"


def blind_excepts(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            name = getattr(node.type, "id", None)
            if node.type is None or name in {"Exception", "BaseException"}:
                line = module.lines[node.lineno - 1]
                if not re.search(r"noqa: BLE001\s+#\s*\S", line):
                    yield f"{node.lineno}: except without a named exception or a reason"


def _is_kind(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in {"kind", "kind_code"}


def _names_a_kind(node: ast.expr) -> bool:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and part.value in KIND_CODES:
            return True
        if isinstance(part, ast.Attribute) and part.attr.lower() in KIND_CODES:
            return True
    return False


def comparisons_of_kinds(module: Module) -> Iterator[str]:
    """What differs by kind is data of its declaration; nothing asks for a particular kind."""
    if re.search(r"\.(document_types|kinds)(\.|$)", module.name):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_is_kind(side) for side in sides) and any(_names_a_kind(side) for side in sides):
                yield f"{node.lineno}: compares the kind"
        if isinstance(node, ast.Match) and _is_kind(node.subject):
            yield f"{node.lineno}: match on the kind"


@pytest.mark.parametrize("rule", [signals, save_methods, blind_excepts, comparisons_of_kinds])
def test_the_source_keeps(rule: Callable[[Module], Iterator[str]]) -> None:
    assert [f"{module.where}:{fault}" for module in modules() for fault in rule(module)] == []


FAULTS = """
from django.db.models.signals import post_save
mine = Signal()
class Thing:
    def save(self): ...
try: ...
except Exception: ...
if document.kind == "sales_order": ...
if kind in (Kind.CREDIT_NOTE, "quotation"): ...
match document.kind: ...
"""


@pytest.mark.parametrize(
    ("rule", "count"), [(signals, 2), (save_methods, 1), (blind_excepts, 1), (comparisons_of_kinds, 2)]
)
def test_the_rules_find_what_they_are_for(rule: Callable[[Module], Iterator[str]], count: int) -> None:
    source = modules()[0]
    text = FAULTS.replace("match document.kind: ...\n", "")
    faulty = Module(source.path, "sales.models.thing", text, ast.parse(text))
    assert len(list(rule(faulty))) == count


def test_templates_have_no_inline_script_or_style() -> None:
    """The Content Security Policy would refuse them, in the browser of the user."""
    faults = []
    for file in files("*.html"):
        if "printing" in file.parts or "papers" in file.parts:
            continue  # rendered by WeasyPrint, never sent to a browser
        text = file.read_text(encoding="utf-8")
        found = re.finditer(r"<script(?![^>]*\b(?:src|nonce)=)|\sstyle=\"|\son[a-z]+=\"|javascript:", text)
        faults += [f"{file}: {hit[0].strip()}" for hit in found]
    assert not faults
