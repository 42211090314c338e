"""No cycle, no hidden import (architecture.md § 2). The floors and layers themselves are import-linter's."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import grimp
import pytest

from tests.architecture.source import APPS, CHECKOUT, Module, modules


def graph() -> grimp.ImportGraph:
    present = [app for app in APPS if (CHECKOUT / app / "__init__.py").exists()]
    return grimp.build_graph(*present, cache_dir=None, exclude_type_checking_imports=True)


def cycles(edges: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected components with more than one member (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in edges.get(node, ()):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            component = []
            while True:
                member = stack.pop()
                component.append(member)
                if member == node:
                    break
            if len(component) > 1:
                found.append(sorted(component))

    for node in list(edges):
        if node not in index:
            visit(node)
    return found


def test_cycles_are_found() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert cycles({"a": {"b", "c"}, "b": {"c"}}) == []


def test_no_module_is_in_a_cycle() -> None:
    imports = graph()
    edges = {name: imports.find_modules_directly_imported_by(name) for name in sorted(imports.modules)}
    # a package imports its own modules to offer them under one name, and they import each other by theirs
    for name, targets in edges.items():
        edges[name] = {target for target in targets if not name.startswith(f"{target}.")}
    assert not cycles(edges)


def inner_imports(module: Module) -> Iterator[ast.stmt]:
    for function in ast.walk(module.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node


def has_reason(module: Module, node: ast.stmt) -> bool:
    """A comment on the import's line beyond the noqa, or on the line above."""
    line, before = module.lines[node.lineno - 1], module.lines[node.lineno - 2].strip()
    comments = [part.strip() for part in line.split("#")[1:] if not part.strip().startswith("noqa")]
    return before.startswith("#") or any(comments)


def is_ready(module: Module, node: ast.stmt) -> bool:
    """``AppConfig.ready`` runs when all models are loaded: the one place where an app may import late."""
    return module.path.name == "apps.py"


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_an_import_inside_a_function_says_why(module: Module) -> None:
    silent = [
        f"{module.where}:{node.lineno}"
        for node in inner_imports(module)
        if not is_ready(module, node) and not has_reason(module, node)
    ]
    assert not silent
