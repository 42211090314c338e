"""What higher floors know about the company's facts: registered in their ``ready()``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from valeo.core.exceptions import Violation
from valeo.tenancy.models import Branch

#: a branch and the code that it is to get → what speaks against it. Asked in the transaction, company and branch locked.
BranchCodeGuard = Callable[[Branch, str], Iterable[Violation]]
_branch_code_guards: Final[list[BranchCodeGuard]] = []


def register_branch_code_guard(guard: BranchCodeGuard) -> None:
    """For instance: numbers were given with the code that it has."""
    if guard not in _branch_code_guards:
        _branch_code_guards.append(guard)


def branch_code_violations(branch: Branch, code: str) -> list[Violation]:
    return [violation for guard in _branch_code_guards for violation in guard(branch, code)]
