"""Proofs that other apps add to ``verify_audit``: registered in their ``ready()``, each yields what does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

#: company id → the problems found, in words
Verifier = Callable[[int], Iterator[str]]
_verifiers: Final[dict[str, Verifier]] = {}


def register(name: str, verifier: Verifier) -> None:
    """Add a proof; raises ``RuntimeError`` for a name that is taken."""
    if name in _verifiers:
        message = f"the verifier {name} is registered twice"
        raise RuntimeError(message)
    _verifiers[name] = verifier


def registered() -> Mapping[str, Verifier]:
    return dict(_verifiers)
