"""The German catalogue is complete and up to date, and no screen has text that no catalogue reaches."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import call_command

from tests.architecture.source import APPS, CHECKOUT, files

CATALOGUE = CHECKOUT / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{[^{}]*\}|<[^<>]+>")

COMMENTS = re.compile(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|<(script|style)\b.*?</\1>", re.DOTALL
)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
MARKUP = re.compile(r"<[^<>]*>|[\w:-]+=\"[^\"]*\"|[\w:-]+='[^']*'")
SHOWN_ATTRIBUTES = re.compile(r"\b(?:title|aria-label|placeholder|alt)=\"([^\"]*)\"")
TAG = re.compile(r"{%\s*(\w+)\s(.*?)%}", re.DOTALL)
LITERAL = re.compile(r"(\w*[=(])?\"([^\"]*)\"")
#: arguments by name that are shown; a text without a name is one, too
SHOWN_ARGUMENTS = {
    "",
    "badge=",
    "blocked=",
    "blocked_title=",
    "hint=",
    "help=",
    "kind_label=",
    "label=",
    "meta=",
    "note=",
    "sub=",
    "title=",
}
BLOCK_OF_CODE = re.compile(
    r"{%\s*block\s+(?:live_channels|page_class|split|robots)\s*%}.*?{%\s*endblock\s*%}", re.DOTALL
)
WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{2,}")
#: names and codes that are the same in every language
NAMES = {"VALEO", "GLN", "IBAN", "BIC", "verify", "split"}
#: tags whose first text is shown
LABELLED_TAGS = {
    "actions", "badge", "button", "crumb", "crumbs", "data_table", "dialog", "empty_state", "fact", "fieldset", "figure",
    "filter_bar", "filter_chip", "menu", "menu_item", "notice", "page_head", "section_head", "sort_head", "tab", "tabs",
}  # fmt: skip
#: arguments that are code although their tag shows text
CODES = re.compile(r"[a-z][a-z0-9_.:\-]*|[A-Z]{3}")


@dataclass(frozen=True)
class Entry:
    """A text of the catalogue: where it stands (context, id) and its German forms, two where it has a plural."""

    key: tuple[str, str]
    id: str
    plural_id: str
    texts: tuple[str, ...]


def read_catalogue(path: Path) -> list[Entry]:
    return [
        Entry(
            (row.msgctxt or "", row.msgid), row.msgid, row.msgid_plural,
            tuple(row.msgstr_plural.values()) if row.msgid_plural else (row.msgstr,),
        )
        for row in polib.pofile(str(path)) if not row.obsolete
    ]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> list[Entry]:
    return read_catalogue(CATALOGUE)


def templates() -> list[Path]:
    """Papers carry words of their own, in the document's language; the style guide is for developers."""
    return [
        file for file in files("*.html")
        if "styleguide" not in file.parts and "paper" not in file.parts and "email" not in file.parts
    ]  # fmt: skip


def test_every_text_is_translated(catalogue: list[Entry]) -> None:
    assert len(catalogue) > 1000
    assert [entry.id for entry in catalogue if not all(entry.texts)] == []
    assert [entry.id for entry in catalogue if entry.plural_id and len(entry.texts) != 2] == []


def test_nothing_is_guessed_or_left_over() -> None:
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("#,") and "fuzzy" in line] == []
    assert [line for line in lines if line.startswith(("#~", "#|"))] == []


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def test_placeholders_are_the_same_on_both_sides(catalogue: list[Entry]) -> None:
    wrong = []
    for entry in catalogue:
        wanted = [placeholders(text) for text in (entry.id, entry.plural_id) if text]
        wrong += [text for text in entry.texts if placeholders(text) not in wanted]
    assert wrong == []


def test_outer_blanks_and_line_breaks_are_the_same_on_both_sides(catalogue: list[Entry]) -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    wrong = [entry.id for entry in catalogue if any(edges(text) != edges(entry.id) for text in entry.texts)]
    assert wrong == []


def test_catalogue_is_up_to_date(
    catalogue: list[Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """``./dev messages`` would find nothing new and nothing to remove."""
    for root in (*APPS, "templates"):
        if (CHECKOUT / root).is_dir():
            shutil.copytree(CHECKOUT / root, tmp_path / root, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "locale" / "de").mkdir(parents=True)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["de"], verbosity=0)

    collected = {entry.key for entry in read_catalogue(tmp_path / "locale/de/LC_MESSAGES/django.po")}
    known = {entry.key for entry in catalogue}
    assert (sorted(collected - known), sorted(known - collected)) == ([], []), (
        "run ./dev messages, then translate"
    )


def literals(source: str) -> Iterator[str]:
    """Words that a reader of the page sees and that no translate tag holds."""
    text = BLOCK_OF_CODE.sub(" ", TRANSLATED.sub(" ", COMMENTS.sub(" ", source)))
    for tag, arguments in TAG.findall(text):
        if tag in LABELLED_TAGS:
            yield from (
                text
                for name, text in LITERAL.findall(arguments)
                if name in SHOWN_ARGUMENTS and not CODES.fullmatch(text)
            )
    text = CODE.sub(" ", text)
    yield from SHOWN_ATTRIBUTES.findall(text)
    yield from MARKUP.split(text)


def words(text: str) -> list[str]:
    return [word for word in WORD.findall(re.sub(r"&#?\w+;", " ", text)) if word not in NAMES]


@pytest.mark.parametrize("file", templates(), ids=lambda file: str(file.relative_to(CHECKOUT)))
def test_no_template_has_text_outside_translate_tags(file: Path) -> None:
    found = [text.strip() for text in literals(file.read_text(encoding="utf-8")) if words(text)]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Saved</p>",
        '<p title="Saved">{{ x }}</p>',
        '{% button "Save" kind="primary" %}',
        "{% if x %}gespeichert{% endif %}",
    ],
)
def test_the_scan_finds_text(source: str) -> None:
    assert any(words(text) for text in literals(source))


@pytest.mark.parametrize(
    "source",
    [
        '<p class="some thing">{% translate "Saved" %}</p>',
        '{% button _("Save") kind="primary" keys="Ctrl S" %}',
        "{% blocktranslate %}Saved{% endblocktranslate %}",
        "{# Saved #}<p>&nbsp;{{ x|default:'–' }}</p>",
    ],
)
def test_the_scan_passes_what_is_translated(source: str) -> None:
    assert not any(words(text) for text in literals(source))
