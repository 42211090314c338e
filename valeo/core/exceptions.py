"""The refusals that services raise; two places translate them: one for HTML, one for the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

type_text = str | Promise


@dataclass(frozen=True, slots=True)
class Violation:
    """One reason for a refusal: a stable code, a text for people, and where it belongs.

    ``field`` is a form field name, ``line`` the position of a document line (1-based).
    """

    code: str
    text: type_text
    field: str = ""
    line: int | None = None


class DomainError(Exception):
    """Base of every refusal; ``status`` is the HTTP status of its answer."""

    status = 400
    code = "error"

    def __init__(self, text: type_text = "", *, code: str = "") -> None:
        super().__init__(text)
        self.text = text
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.text)


class Refused(DomainError):
    """The request is understood and not possible; carries ALL reasons at once."""

    status = 422
    code = "refused"

    def __init__(self, violations: Iterable[Violation] | Violation, *, status: int = 422) -> None:
        self.violations = (violations,) if isinstance(violations, Violation) else tuple(violations)
        self.status = status
        super().__init__(self.violations[0].text if self.violations else "", code="refused")

    def __str__(self) -> str:
        return "; ".join(str(violation.text) for violation in self.violations)


class NotPermitted(DomainError):
    """A scope is missing; names the missing scopes."""

    status = 403
    code = "not-permitted"

    def __init__(self, missing: Iterable[str], text: type_text = "") -> None:
        self.missing = tuple(missing)
        super().__init__(text or ", ".join(self.missing))


class Conflict(DomainError):
    """Somebody else was first: a stale version or a state that has changed."""

    status = 409
    code = "conflict"


class NotFound(DomainError):
    """No such thing in this company; the same answer for another company's thing."""

    status = 404
    code = "not-found"


class NotSignedIn(DomainError):
    """Nobody is signed in: 401 for the API, the login page for a browser."""

    status = 401
    code = "not-signed-in"


class TooManyRequests(DomainError):
    """A rate limit is reached; ``retry_after`` is the wait in seconds."""

    status = 429
    code = "too-many-requests"

    def __init__(self, retry_after: int, text: type_text = "") -> None:
        super().__init__(text)
        self.retry_after = retry_after
