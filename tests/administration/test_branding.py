from __future__ import annotations

import base64
import io
import struct
import zlib

import pytest
from django.test import Client
from PIL import Image

from tests.factories.tenancy import make_actor
from valeo.administration import logos
from valeo.administration.services import branding, companies
from valeo.audit.models import AuditEntry
from valeo.core.exceptions import NotFound, NotPermitted, Refused
from valeo.tenancy.actor import Actor
from valeo.tenancy.models import Branch, Branding, Company, Logo
from valeo.tenancy.selectors import branding_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">%s</svg>'


def png(width: int = 8, height: int = 4) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#0a0").save(file, "PNG")
    return file.getvalue()


def bomb() -> bytes:
    """A PNG that says it is 60,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def nested_uses() -> bytes:
    """Two kilobytes that stand for 10^11 rectangles."""
    groups = b"".join(
        b'<g id="a%d">%s</g>' % (level, b'<use href="#a%d"/>' % (level - 1) * 10) for level in range(1, 12)
    )
    return b'<defs><rect id="a0" width="1" height="1"/>%s</defs><use href="#a11"/>' % groups


def test_png_jpg_and_svg_are_known_by_their_content() -> None:
    assert (logos.inspect(png()).mime_type, logos.inspect(png()).width) == ("image/png", 8)
    jpg = io.BytesIO()
    Image.new("RGB", (5, 5)).save(jpg, "JPEG")
    assert logos.inspect(jpg.getvalue()).mime_type == "image/jpeg"
    drawing = logos.inspect(SVG % b'<defs><linearGradient id="a"/></defs><path d="M0 0h4" fill="url(#a)"/>')
    assert (drawing.mime_type, drawing.width, drawing.height) == ("image/svg+xml", 40, 20)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "logo-empty"),
        (b"GIF89a nothing", "logo-no-image"),
        (b"%PDF-1.7", "logo-no-image"),
        (b"<html><body>hello</body></html>", "logo-no-image"),
        (b"MZ" + b"\x00" * 100, "logo-no-image"),
        (png()[:40], "logo-no-image"),
        (b"\x89PNG\r\n\x1a\n" + b"junk" * 20, "logo-no-image"),
        (bomb(), "logo-too-many-pixels"),
        (png(5001, 5001), "logo-too-many-pixels"),
        (b"\x00" * (2 * 1024 * 1024 + 1), "logo-too-big"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo-no-size"),
        (SVG % b"<script>alert(1)</script>", "logo-unsafe"),
        (SVG % b'<g onload="alert(1)"/>', "logo-unsafe"),
        (SVG % b'<image href="http://example.org/x.png"/>', "logo-unsafe"),
        (SVG % b'<use xmlns:l="http://www.w3.org/1999/xlink" l:href="file:///etc/passwd#a"/>', "logo-unsafe"),
        (SVG % b'<path style="fill:url(http://example.org/#a)"/>', "logo-unsafe"),
        (SVG % b"<style>@import 'http://example.org/a.css';</style>", "logo-unsafe"),
        (SVG % b'<a href="javascript:alert(1)"><path/></a>', "logo-unsafe"),
        (
            SVG % b'<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
            "logo-unsafe",
        ),
        (SVG % b'<animate attributeName="href" to="javascript:alert(1)"/>', "logo-unsafe"),
        (SVG % b'<style>@\\69mport "http://example.org/a.css";</style>', "logo-unsafe"),
        (SVG % b"<style>path{fill:u\\72l(http://example.org/a)}</style>", "logo-unsafe"),
        (SVG % b'<path style="fill:ur\\6c(http://example.org/a)"/>', "logo-unsafe"),
        (SVG % b"<style>path{fill:url/**/(http://example.org/a)}</style>", "logo-unsafe"),
        (SVG % b'<style>path{background:image-set("http://example.org/a" 1x)}</style>', "logo-unsafe"),
        (SVG % b'<image href="data:image/png;base64,%s"/>' % base64.b64encode(bomb()), "logo-unsafe"),
        (SVG.replace(b"40 20", b"1e999 1") % b"", "logo-no-size"),
        (SVG % nested_uses(), "logo-not-printable"),
        (SVG % b'<g id="a"><use href="#a"/></g><use href="#a"/>', "logo-not-printable"),
        (SVG % (b"<g>" * 100_000 + b"</g>" * 100_000), "logo-not-printable"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG % b"<text>&a;</text>", "logo-unsafe"),
        (b'<?xml-stylesheet href="http://example.org/a.css"?>' + SVG % b"", "logo-unsafe"),
    ],
)
def test_what_is_no_logo(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        logos.inspect(content)
    assert [violation.code for violation in refusal.value.violations] == [code]
    assert str(refusal.value)


@pytest.mark.django_db
def test_the_branding_is_changed_and_told(company: Company, actor: Actor) -> None:
    row = branding.set_branding(actor=actor, accent=" #1F6F4A ", logo=png(), footer_text_de="Danke")
    assert row.accent == "#1f6f4a"
    assert row.logo is not None
    assert bytes(row.logo.content) == png()
    entry = AuditEntry.everywhere.get(action="branding.change", company=company)
    assert entry.changes["logo"] == ["", row.logo.sha256]
    again = branding.set_branding(actor=actor, logo=png())
    assert again.logo_id == row.logo_id
    assert AuditEntry.everywhere.filter(action="branding.change").count() == 1
    assert branding.set_branding(actor=actor, remove_logo=True).logo is None
    assert Logo.everywhere.count() == 1  # papers that carry it can be made again


@pytest.mark.django_db
@pytest.mark.parametrize("accent", ["red", "#12345", "#12345g", "#123456; } body { display: none", ""])
def test_a_colour_that_is_none(company: Company, actor: Actor, accent: str) -> None:
    before = Branding.everywhere.get(company=company)
    with pytest.raises(Refused):
        branding.set_branding(actor=actor, accent=accent, footer_text_de="neu")
    after = Branding.everywhere.get(company=company)
    assert (after.accent, after.footer_text_de) == (before.accent, before.footer_text_de)


@pytest.mark.django_db
def test_a_bad_logo_changes_nothing(company: Company, actor: Actor) -> None:
    with pytest.raises(Refused):
        branding.set_branding(actor=actor, accent="#111111", logo=b"no picture")
    assert Branding.everywhere.get(company=company).accent != "#111111"
    with pytest.raises(NotPermitted):
        branding.set_branding(actor=make_actor(company, ["accountant"]), accent="#111111")
    assert not AuditEntry.everywhere.filter(action="branding.change").exists()


@pytest.mark.django_db
def test_a_branch_has_its_own_or_the_companys(company: Company, other_company: Company, actor: Actor) -> None:
    branch = companies.save_branch(actor=actor, code="N", name="Nord")
    fallback = branding_of(company.pk, branch.pk)
    assert fallback is not None
    assert fallback.branch_id is None
    branding.set_branding(actor=actor, branch=branch, accent="#222222")
    own = branding_of(company.pk, branch.pk)
    assert own is not None
    assert own.accent == "#222222"
    foreign = Branch.everywhere.create(company=other_company, code="X", name="X")
    with pytest.raises(NotFound):
        branding.set_branding(actor=actor, branch=foreign, accent="#222222")


@pytest.mark.django_db
def test_stylesheet_and_logo_are_served(company: Company, actor: Actor) -> None:
    client = Client()
    row = branding.set_branding(actor=actor, accent="#123456", logo=SVG % b"<path/>")
    css = client.get(f"/branding/{company.uuid}.css")
    assert css["Content-Type"].startswith("text/css")
    assert b"--company-accent: #123456" in css.content
    picture = client.get(f"/branding/{row.uuid}/logo")
    assert picture.content == SVG % b"<path/>"
    assert "sandbox" in picture["Content-Security-Policy"]
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert (
        client.get(f"/branding/{row.uuid}/logo", headers={"If-None-Match": picture["ETag"]}).status_code
        == 304
    )
    assert client.get(f"/branding/{company.uuid}/logo").status_code == 404
    unknown = client.get(f"/branding/{row.uuid}.css")
    assert unknown.status_code == 200
    assert b"accent" not in unknown.content
