"""A signed-in browser session without a browser: kept connection, cookies, CSRF token, forms."""

from __future__ import annotations

import http.client
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


class Answer:
    """What came back."""

    def __init__(self, status: int, location: str, body: bytes, seconds: float) -> None:
        self.status, self.location, self.body, self.seconds = status, location, body, seconds

    @property
    def uuid(self) -> str:
        """The document that a 303 leads to."""
        return self.location.rstrip("/").rsplit("/", 1)[-1] if "/documents/" in self.location else ""


class Session:
    """One client with one kept connection. Connection errors are raised; the next call opens a new connection."""

    def __init__(self, address: str, timeout: float = 30) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.timeout = timeout
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            token = self.cookies.get("csrftoken", "")
            body = urlencode({**fields, "csrfmiddlewaretoken": token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begin = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        return Answer(
            response.status, response.headers.get("Location", ""), content, time.perf_counter() - begin
        )

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self.request("POST", path, fields)

    def login(self, username: str, password: str) -> None:
        """Raises ``RuntimeError`` where the login is refused."""
        self.get("/login/")
        answer = self.post("/login/", {"username": username, "password": password})
        if answer.status not in (302, 303):
            message = f"login of {username} refused: {answer.status}"
            raise RuntimeError(message)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def order_form(customer: str, lines: list[tuple[str, str]], do: str) -> dict[str, str]:
    """The editor's fields as a browser without scripts posts them: numbers of partner and articles, quantities."""
    fields = {
        "partner": customer,
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
        "allowances-TOTAL_FORMS": "0",
        "allowances-INITIAL_FORMS": "0",
        "do": do,
    }
    for index, (article, quantity) in enumerate(lines):
        fields[f"lines-{index}-article"] = article
        fields[f"lines-{index}-quantity"] = quantity
    return fields
