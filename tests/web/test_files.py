"""Files and original HTML: nothing that a stranger sent is ever given to a browser as more than it may be."""

from __future__ import annotations

import base64
import re
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.web.files import disposition, number_of
from tests.web.stage import JESS_IS, Stage

PNG, JPEG, WEBP = b"\x89PNG\r\n\x1a\n..", b"\xff\xd8\xff\xe0..", b"RIFF\0\0\0\0WEBPVP8 "
BYTES, TEXT = "application/octet-stream", "text/plain; charset=utf-8"
CASES: list[tuple[str, str, bytes, str]] = [
    ("a.png", "image/png", PNG, "image/png"),
    ("a.jpg", "image/jpeg", JPEG, "image/jpeg"),
    ("a.gif", "image/gif", b"GIF89a..", "image/gif"),
    ("a.gif", "image/gif", b"GIF87a..", "image/gif"),
    ("a.webp", "image/webp", WEBP, "image/webp"),
    ("a.pdf", "application/pdf", b"%PDF-1.7 ..", "application/pdf"),
    ("a.txt", "text/plain", "Grüße\n".encode(), TEXT),
    ("a.csv", "text/csv", b"a;b\n1;2\n", TEXT),
    ("a.html", "text/html", b"<html><script>alert(1)</script>", BYTES),
    ("a.txt", "text/plain", b"<html><script>alert(1)</script>", BYTES),
    ("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", BYTES),
    ("a.png", "image/png", b"<svg onload='alert(1)'/>", BYTES),
    ("a.xml", "application/xml", b"<?xml version='1.0'?><x/>", BYTES),
    ("a.xhtml", "application/xhtml+xml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>", BYTES),
    ("a.js", "text/javascript", b"\0alert(1)", BYTES),
    ("a.exe", "application/x-msdownload", b"MZ\x90\0", BYTES),
    ("a.png", "image/png", b"MZ\x90\0", BYTES),
    ("a.zip", "application/zip", b"PK\x03\x04\0\0", BYTES),
    ("a.docx", "application/vnd.openxmlformats", b"PK\x03\x04\0\0", BYTES),
    ("a.swf", "application/x-shockwave-flash", b"CWS\0\0", BYTES),
    ("a.mht", "multipart/related", b"MIME-Version: 1.0\n\n<html>", BYTES),
    ("a.bmp", "image/bmp", b"BM\0\0", BYTES),
    ("a.tif", "image/tiff", b"II*\0\0", BYTES),
    ("a.ico", "image/x-icon", b"\0\0\x01\0", BYTES),
    ("a.avif", "image/avif", b"\0\0\0 ftypavif", BYTES),
    ("a.mp4", "video/mp4", b"\0\0\0 ftypmp42", BYTES),
    ("a.txt", "text/plain", b"\xff\xfeh\0i\0", BYTES),
    ("a.txt", "text/plain", b"\x80\x81", BYTES),
    ("a.html", "text/html", PNG + b"<script>alert(1)</script>", "image/png"),
    ("a.html", "text/html", b"GIF89a/*<script>*/", "image/gif"),
]


@pytest.mark.parametrize(("name", "declared", "content", "given_out"), CASES)
def test_the_first_bytes_decide_what_a_file_is(stage: Stage, name: str, declared: str, content: bytes, given_out: str) -> None:
    """A short list of types by their bytes, all else a stream of bytes; only pictures are shown, the rest is saved (CASES A3.4, A3.5)."""
    stage.opened()
    stage.submit(stage.enter(), "/t/SUP-1/comment", files=[("fichiers", (name, content, declared))], texte="A file.")
    answer = stage.http.get("/t/SUP-1/f/1/whatever.html")
    assert content == answer.content
    assert given_out == answer.headers["content-type"]
    kind = "inline" if given_out.startswith("image/") else "attachment"
    assert answer.headers["content-disposition"].startswith(f'{kind}; filename="{name}"')
    assert "sandbox; default-src 'none'" == answer.headers["content-security-policy"]
    assert "same-origin" == answer.headers["cross-origin-resource-policy"]
    assert "nosniff" == answer.headers["x-content-type-options"]
    assert "no-store" == answer.headers["cache-control"]


@pytest.mark.parametrize("number", ["0", "2", "-1", "1.0", "9" * 15, "9" * 5000, "x", "%00", "１"])
def test_a_number_that_is_no_file_is_nothing(stage: Stage, number: str) -> None:
    """Whatever stands in the place of a file's number is a file of this ticket or the usual 404."""
    stage.opened()
    stage.submit(stage.enter(), "/t/SUP-1/comment", files=[("fichiers", ("a.png", PNG))], texte="")
    for path in (f"/t/SUP-1/f/{number}/a.png", f"/t/SUP-1/c/{number}"):
        assert 404 == stage.http.get(path).status_code


@given(st.text(max_size=300))
def test_no_name_gets_out_of_its_header(name: str) -> None:
    """Any name makes one line of ASCII whose quoted part is closed, and whose other part is percent-encoded (RFC 6266)."""
    made = disposition(name, inline=False)
    assert made.isascii()
    assert re.fullmatch(r"attachment; filename=\"[^\"\\%;]{1,150}\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+", made), made


def test_a_number_has_ascii_digits() -> None:
    """Other scripts' digits and endless ones are no id."""
    assert [12, 0, 0, 0] == [number_of(text) for text in ("12", "１２", "9" * 400, "")]


def html_mail(html: str, picture: bytes | None = None) -> bytes:
    """A customer's mail with an HTML part."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = JESS_IS, "support@desk.example", "Dressed", "<h@commune.example>"
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    mail.set_content("The words.")
    mail.add_alternative(html, subtype="html")
    if picture:
        mail.get_payload()[1].add_related(picture, "image", "png", cid="<pic@x>")  # type: ignore[union-attr, index, call-arg]
    return mail.as_bytes()


def test_original_html_stands_in_a_frame_that_can_do_nothing(stage: Stage) -> None:
    """The page shows words; the HTML only on request, sanitised, in a frame without scripts or origin, its pictures from our store."""
    hostile = (
        '<p style="position:fixed">Hello <b>you</b><script>alert(1)</script><img src="https://track.example/x.gif">'
        '<img src="cid:pic@x" alt="Here"><a href="javascript:alert(2)">x</a><iframe src="//evil.example"></iframe>'
        '<form action="/t/SUP-1/comment"><input name=a></form></p>'
    )
    stage.scene.bytes(html_mail(hostile, PNG))
    page = stage.enter()
    assert "The words." in page.text
    assert "/t/SUP-1/c/1" in page.text
    framed = stage.http.get("/t/SUP-1/c/1")
    assert 200 == framed.status_code
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in framed.text
    source = framed.text.split('srcdoc="')[1].split('"')[0]
    assert "&lt;b&gt;you&lt;/b&gt;" in source
    assert f"data:image/png;base64,{base64.b64encode(PNG).decode()}" in source
    for gone in ("script", "track.example", "javascript", "iframe", "style=", "form"):
        assert gone not in source, gone
    assert "img-src 'self' data:" in framed.headers["content-security-policy"]


def test_a_comment_without_html_has_no_frame(stage: Stage) -> None:
    """Only a comment that came as HTML can be asked for as HTML."""
    stage.opened()
    assert "/c/1" not in stage.enter().text
    assert 404 == stage.http.get("/t/SUP-1/c/1").status_code
