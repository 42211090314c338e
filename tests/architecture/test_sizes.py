"""Nothing grows past what one head can hold (architecture.md § 3)."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import CHECKOUT, Module, files, modules

MODULE, MODELS, TESTS, SETTINGS = 400, 500, 600, 120
FUNCTION, CLASS = 60, 350
TEMPLATE, SCRIPT = 150, 200


def limit(module: Module) -> int:
    parts = module.path.relative_to(CHECKOUT).parts
    if "settings" in parts:
        return SETTINGS
    if "models" in parts or parts[-1] == "models.py":
        return MODELS
    return TESTS if parts[0] == "tests" else MODULE


def length(node: ast.AST) -> int:
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("tests", [False, True])
def test_modules(tests: bool) -> None:
    too_long = [
        f"{module.where}: {len(module.lines)} lines, stop at {limit(module)}"
        for module in modules(tests=tests)
        if len(module.lines) > limit(module)
    ]
    assert not too_long


@pytest.mark.parametrize(
    ("kinds", "stop"), [((ast.FunctionDef, ast.AsyncFunctionDef), FUNCTION), ((ast.ClassDef,), CLASS)]
)
def test_functions_and_classes(kinds: tuple[type[ast.AST], ...], stop: int) -> None:
    too_long = [
        f"{module.where}:{node.lineno} {node.name}: {length(node)} lines, stop at {stop}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, kinds)
        and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and length(node) > stop
    ]
    assert not too_long


@pytest.mark.parametrize(("pattern", "stop"), [("*.html", TEMPLATE), ("*.js", SCRIPT)])
def test_templates_and_scripts(pattern: str, stop: int) -> None:
    too_long = [
        f"{file.relative_to(CHECKOUT)}: {count} lines, stop at {stop}"
        for file in files(pattern)
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > stop
    ]
    assert not too_long
