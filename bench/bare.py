"""The same rows by bare SQL: what an order and a chain made by the product left in the tables, written again.

A template is read once after the product wrote it. Each run gives the rows new ids and keys and stores them by one
prepared INSERT per table in one transaction per act, with the updates that the act needs.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg.types.string import TextLoader

CHILDREN: Final = ("line", "party", "taxgroup", "instalment")


def connect(url: str) -> psycopg.Connection[Any]:
    """A connection that prepares every statement and hands JSON through as text."""
    connection = psycopg.connect(url, prepare_threshold=0)
    for name in ("jsonb", "json"):
        connection.adapters.register_loader(name, TextLoader)
    return connection


#: (table, id in the template) → id in this run
Sources = dict[tuple[str, int], int]


class Rows:
    """Some rows of a table, to be stored again."""

    def __init__(self, connection: psycopg.Connection[Any], table: str, where: str, *values: Any) -> None:
        found = connection.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY 1", values)  # noqa: S608
        assert found.description is not None  # noqa: S101 - for the types
        names = [column.name for column in found.description]
        rows = found.fetchall()
        skip = names.index("id") if "id" in names else -1
        self.table = table
        self.names = [name for index, name in enumerate(names) if index != skip]
        self.rows = [[value for index, value in enumerate(row) if index != skip] for row in rows]
        self.ids = [row[skip] for row in rows] if skip >= 0 else []
        one = f"({', '.join(['%s'] * len(self.names))})"
        columns = ", ".join(f'"{name}"' for name in self.names)
        self.sql = f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * len(rows))}"  # noqa: S608
        self.sql += " RETURNING id" if skip >= 0 else ""
        self.places = {name: index for index, name in enumerate(self.names)}

    def store(self, cursor: psycopg.Cursor[Any], **given: Any) -> list[int]:
        """Insert the rows with these values instead; a list gives each row its own. Returns the new ids."""
        if not self.rows:
            return []
        if "uuid" in self.places and "uuid" not in given:
            given["uuid"] = [uuid.uuid4() for _row in self.rows]
        values: list[Any] = []
        for index, row in enumerate(self.rows):
            new = list(row)
            for name, value in given.items():
                new[self.places[name]] = value[index] if isinstance(value, list) else value
            values += new
        cursor.execute(self.sql, values)
        return [row[0] for row in cursor.fetchall()] if self.ids else []

    def column(self, name: str) -> list[Any]:
        return [row[self.places[name]] for row in self.rows]


class Act:
    """All rows of one document: what its act writes."""

    def __init__(self, connection: psycopg.Connection[Any], key: str, events: tuple[int, int]) -> None:
        self.document = Rows(connection, "documents_document", "uuid = %s", key)
        pk = self.document.ids[0]
        self.company = self.document.column("company_id")[0]
        self.children = [Rows(connection, f"documents_{name}", "document_id = %s", pk) for name in CHILDREN]
        self.lines = self.children[0]
        self.links = Rows(connection, "documents_link", "target_document_id = %s", pk)
        self.revisions = Rows(connection, "documents_revision", "document_id = %s", pk)
        self.numbers = Rows(connection, "numbering_issuednumber", "document_uuid = %s", key)
        self.reservations = Rows(
            connection, "inventory_reservation", "order_line_id = ANY(%s)", self.lines.ids
        )
        self.movements = Rows(connection, "inventory_stockmovement", "document_id = %s", pk)
        self.items = Rows(connection, "payments_openitem", "document_id = %s", pk)
        named = [f"archive.issue:{revision}" for revision in self.revisions.ids]
        self.jobs = Rows(connection, "events_job", "key = ANY(%s)", named)
        self.entries = Rows(
            connection,
            "audit_auditentry",
            "object_type = 'documents.document' AND object_id = %s AND action <> 'issue'",
            pk,
        )
        self.texts = Rows(connection, "audit_audittext", "entry_id = ANY(%s)", self.entries.ids)
        self.events = Rows(
            connection,
            "events_liveevent",
            "company_id = %s AND seq > %s AND seq <= %s",
            self.company,
            *events,
        )

    def write(self, cursor: psycopg.Cursor[Any], sources: Sources) -> None:
        """The act in the caller's transaction; ``sources`` maps the template's ids to those of this run."""
        key = uuid.uuid4()
        posted = bool(self.numbers.rows)
        new = self.document.store(cursor, uuid=key, state="draft", number="")[0]
        sources["document", self.document.ids[0]] = new
        for rows in self.children:
            keys = rows.store(cursor, document_id=new)
            if rows is self.lines:
                sources.update(zip((("line", pk) for pk in rows.ids), keys, strict=True))
        if self.links.rows:
            self._link(cursor, new, sources)
        if posted:
            self._post(cursor, new, key, sources)
        self._journal(cursor, new, key)

    def _link(self, cursor: psycopg.Cursor[Any], new: int, sources: Sources) -> None:
        links = self.links
        taken = [sources["line", pk] for pk in links.column("source_line_id")]
        keys = links.store(
            cursor, target_document_id=new, source_line_id=taken,
            source_document_id=[sources["document", pk] for pk in links.column("source_document_id")],
            target_line_id=[sources["line", pk] for pk in links.column("target_line_id")],
            via_id=[sources.get(("link", pk)) for pk in links.column("via_id")],
        )  # fmt: skip
        sources.update({("link", old): key for old, key in zip(links.ids, keys, strict=True)})
        column = "delivered" if self.movements.rows else "invoiced"
        cursor.execute(f"UPDATE documents_line SET {column} = quantity WHERE id = ANY(%s)", [taken])  # noqa: S608
        column = "fulfilment" if self.movements.rows else "invoicing"
        documents = sorted({sources["document", pk] for pk in links.column("source_document_id")})
        cursor.execute(
            f"UPDATE documents_document SET {column} = 'complete' WHERE id = ANY(%s)",  # noqa: S608
            [documents],
        )

    def _post(self, cursor: psycopg.Cursor[Any], new: int, key: uuid.UUID, sources: Sources) -> None:
        lines = [sources["line", pk] for pk in self.lines.ids]
        if self.movements.rows:
            balances = (self.movements.column("article_id"), self.movements.column("warehouse_id"))
            cursor.execute(
                "SELECT id FROM inventory_stockbalance WHERE company_id = %s AND article_id = ANY(%s)"
                " AND warehouse_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                [self.company, *balances],
            )
            held = [row[0] for row in cursor.fetchall()]
            self.movements.store(
                cursor, document_id=new,
                source_line_id=[sources["line", pk] for pk in self.movements.column("source_line_id")],
            )  # fmt: skip
            cursor.execute(
                "UPDATE inventory_stockbalance SET on_hand = on_hand - 1, value = value - 1 WHERE id = ANY(%s)",
                [held],
            )
            cursor.execute(
                "UPDATE inventory_reservation SET quantity = 0, changed_at = now() WHERE order_line_id = ANY(%s)",
                [[sources["line", pk] for pk in self.links.column("source_line_id")]],
            )
        self.reservations.store(cursor, order_line_id=lines[: len(self.reservations.rows)])
        self.items.store(cursor, document_id=new)
        number = self._number(cursor, key)
        revision = self.revisions.store(
            cursor, document_id=new, verify_code=[secrets.token_urlsafe(16) for _row in self.revisions.rows]
        )
        names = [name for name in self.document.names if name not in ("uuid", "number", "company_id", "kind")]
        sets = ", ".join(f'"{name}" = %s' for name in names)
        final = [self.document.rows[0][self.document.places[name]] for name in names]
        cursor.execute(
            f"UPDATE documents_document SET {sets}, number = %s WHERE id = %s",  # noqa: S608
            [*final, number, new],
        )
        self.jobs.store(cursor, key=[f"bare:{pk}" for pk in revision], state="done")

    def _number(self, cursor: psycopg.Cursor[Any], key: uuid.UUID) -> str:
        series = self.numbers.column("series_id")[0]
        cursor.execute(
            "UPDATE numbering_seriescounter SET next_value = next_value + 1 WHERE series_id = %s"
            " RETURNING next_value - 1",
            [series],
        )
        found = cursor.fetchone()
        assert found is not None  # noqa: S101 - for the types
        number = f"BARE-{secrets.token_hex(8)}"
        given = {"document_uuid": key, "number": number, "value": found[0]}
        self.numbers.store(cursor, **{name: v for name, v in given.items() if name in self.numbers.places})
        return number

    def _journal(self, cursor: psycopg.Cursor[Any], new: int, key: uuid.UUID) -> None:
        hashes = [secrets.token_hex(32) for _row in self.entries.rows]
        entries = self.entries.store(
            cursor, object_id=new, object_uuid=key, content_hash=hashes, seq=0, prev_hash="", hash=""
        )
        at = dict(zip(self.entries.ids, entries, strict=True))
        self.texts.store(cursor, entry_id=[at[pk] for pk in self.texts.column("entry_id")])
        count = len(self.events.rows)
        cursor.execute(
            "UPDATE events_eventhead SET seq = seq + %s WHERE company_id = %s RETURNING seq",
            [count, self.company],
        )
        found = cursor.fetchone()
        assert found is not None  # noqa: S101 - for the types
        self.events.store(cursor, seq=[found[0] - count + index + 1 for index in range(count)])


def run(connection: psycopg.Connection[Any], acts: Sequence[Act]) -> None:
    """The acts one after the other, each in a transaction of its own."""
    sources: Sources = {}
    for act in acts:
        with connection.transaction(), connection.cursor() as cursor:
            act.write(cursor, sources)
