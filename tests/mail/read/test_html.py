"""Hostile HTML: its words for reading, and what of it may be shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.read.html import BYTE_CAP, TAG_CAP, sanitise, to_text
from tests.growth import assert_within


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello,</p><p>my <b>printer</b> burns</p>", "Hello,\n\nmy printer burns"),
        ("<div>one</div><div>two<br>three</div>", "one\ntwo\nthree"),
        ("one<br><br>two", "one\n\ntwo"),
        ("a\n  b&nbsp;c &amp; d", "a b c & d"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<table><tr><td>Name</td><td>Jess</td></tr><tr><td>Tel</td><td>02</td></tr></table>", "Name\tJess\nTel\t02"),
        ("<p>new</p><blockquote><p>old</p><blockquote>older</blockquote></blockquote><p>end</p>", "new\n\n> old\n>\n> > older\n\nend"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<head><title>t</title></head><style>p{}</style><script>x</script>seen<!-- not -->", "seen"),
        ('<div style="display: none">hidden</div><p hidden>hidden</p>seen', "seen"),
        ('see <a href="https://example.org/a?b=1&amp;c=2">this page</a>', "see this page <https://example.org/a?b=1&c=2>"),
        ('<a href="https://example.org/">example.org</a>', "example.org"),
        ('<a href="https://example.org/x">https://example.org/x</a>', "https://example.org/x"),
        ('<a href="mailto:jess@example.org?subject=x">Jess</a>', "Jess <jess@example.org>"),
        ('<a href="mailto:jess@example.org">jess@example.org</a>', "jess@example.org"),
        ('<a href="javascript:alert(1)">click</a> <a href="#top">up</a>', "click up"),
        ('<img alt="a cat" src="cid:x"> and <img src="http://e.example/p.gif">', "a cat and"),
        ("<!--[if mso]>outlook<![endif]--><![if !mso]>others<![endif]>", "others"),
        ("<p>a</p>\n\n\n<p> </p><p>&nbsp;</p><p>b</p>", "a\n\nb"),
        ("plain < text & more", "plain < text & more"),
        ("", ""),
    ],
)
def test_html_reads_as_a_person_sees_it(html: str, text: str) -> None:
    """Blocks, lines, quotes, lists, links and hidden things come out as in a mail program."""
    assert to_text(html) == text


VECTORS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=http://e.example/pixel.gif>",
    "<img src=//e.example/pixel.gif>",
    "<img src=data:image/svg+xml;base64,PHN2Zz4=>",
    "<svg onload=alert(1)><feImage href=http://e.example/x /></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=vbscript:x>x</a><a href=data:text/html,x>x</a>",
    "<p style='position:fixed;background:url(http://e.example/)'>x</p>",
    "<style>@import 'http://e.example/';</style>x",
    "<iframe src=http://e.example/></iframe><object data=x></object><embed src=x>",
    "<form action=http://e.example/><input name=a><button>b</button></form>",
    "<meta http-equiv=refresh content='0;url=http://e.example/'><base href=http://e.example/><link rel=stylesheet href=http://e.example/>",
    "<div onclick=alert(1) onmouseover='x' id=a class=b data-x=y>x</div>",
    "<table background=http://e.example/x><td background=http://e.example/y>x</td></table>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<video poster=http://e.example/><source src=http://e.example/></video><audio src=http://e.example/>",
    "<textarea><img src=x onerror=alert(1)></textarea><title><img src=x onerror=alert(1)></title>",
    "<img srcset='http://e.example/ 1x' src='cid:unknown'>",
    "<IMG SRC=CID:x ONERROR=alert(1)>",
]
_FORBIDDEN = re.compile(
    r"<\s*(script|style|svg|math|iframe|object|embed|form|input|meta|base|link|video|audio|source|noscript)\b|\son[a-z]+\s*=|style\s*="
    r"|javascript:|vbscript:|data:|srcset|background\s*=|poster\s*=|<img[^>]*\ssrc=(?![\"']?attachments/)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("html", VECTORS)
def test_nothing_that_runs_loads_or_overlays_is_left(html: str) -> None:
    """No script, handler, style, form, frame, or remote or embedded picture survives (CASES A3.1-A3.3, F5)."""
    safe = sanitise(html, {"x": "attachments/1"})
    assert not _FORBIDDEN.search(safe), safe


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*VECTORS, "<b>", "</b>", "<!--", "-->", "<![CDATA[", "]]>", "&lt;", '"', "'", "<", ">", "x"]), max_size=8
    ).map("".join)
)
def test_no_mixture_of_vectors_gets_through(html: str) -> None:
    """Vectors inside one another are as harmless as each alone, and the text never holds markup that runs."""
    assert not _FORBIDDEN.search(re.sub(r'"[^"]*"', '""', sanitise(html, {}))), sanitise(html, {})
    to_text(html).encode("utf-8")


def test_pictures_of_the_mail_itself_are_shown() -> None:
    """A cid: picture becomes the address that is given for it, in any case and percent-encoding; an unknown one has no address."""
    urls = {"Pic@example.org": "attachments/1"}
    assert '<img src="attachments/1" alt="cat">' in sanitise('<img src="cid:pic%40example.org" alt="cat">', urls)
    assert "src" not in sanitise('<img src="cid:other@example.org">', urls)


def test_links_open_apart_and_tell_nothing() -> None:
    """A link keeps its address, opens in its own page, and gives neither referrer nor opener."""
    safe = sanitise('<a href="https://example.org/x" title="t">go</a>', {})
    assert 'href="https://example.org/x"' in safe
    assert 'target="_blank"' in safe
    assert 'rel="noopener noreferrer nofollow"' in safe


def test_ordinary_formatting_stays() -> None:
    """Paragraphs, lists, tables, emphasis and quotes are kept."""
    html = "<p>a <b>b</b> <i>c</i></p><ul><li>d</li></ul><blockquote>e</blockquote><table><tbody><tr><td>f</td></tr></tbody></table>"
    assert sanitise(html, {}) == html


@pytest.mark.parametrize("html", ["<p>word &lt;" + "<i>x</i>" * TAG_CAP, "<p>word &lt;" + "x" * BYTE_CAP], ids=["tags", "bytes"])
def test_above_the_caps_the_words_are_shown(html: str) -> None:
    """HTML that is too big to be sanitised is shown as text: no word is lost and nothing is trusted (CASES A3.15)."""
    safe = sanitise(html, {})
    assert safe.startswith("<p>word &lt;")
    assert set(re.findall(r"<[^>]*>", safe)) <= {"<p>", "</p>", "<br>"}


def test_no_word_is_lost_beyond_the_caps_of_the_parser() -> None:
    """The end of a very long page is read too, if without its shape."""
    assert to_text("<p>x</p>" * 20_000 + "<p>the &amp; end</p>").endswith("the & end")


def test_an_embedded_picture_does_not_use_up_the_caps() -> None:
    """A page with a megabyte of data: picture in it is still sanitised and not shown as text."""
    html = '<p>a <b>b</b></p><img src="data:image/png;base64,' + "A" * 2 * BYTE_CAP + '">'
    assert sanitise(html, {}).startswith("<p>a <b>b</b></p>")


HOSTILE: dict[str, tuple[int, Callable[[int], str]]] = {
    "open divs": (20_000, lambda n: "<div>" * n),
    "distinct formatting": (2000, lambda n: "<p>" + "".join(f"<b a={i}>" for i in range(n)) + "</p>" + "<p>x" * n),
    "attributes": (20_000, lambda n: "<a " + "".join(f"a{i} " for i in range(n)) + ">x"),
    "attributes over brackets": (10_000, lambda n: "<a " + "".join(f'a{i} b{i}="<>" ' for i in range(n)) + ">x"),
    "attributes behind a conditional": (10_000, lambda n: "<<![if x]>a " + "".join(f"a{i} " for i in range(n)) + ">x"),
    "angles": (100_000, lambda n: "<" * n),
    "open comments": (50_000, lambda n: "<!--" * n),
    "blockquotes": (5000, lambda n: "<blockquote>x" * n),
    "open links": (5000, lambda n: "<a href=http://x>" * n),
    "tables": (5000, lambda n: "<table><tr><td>" * n),
    "misplaced words": (3000, lambda n: "<table>x" * n),
    "style words": (20_000, lambda n: "<p style='" + "display " * n + "'>x"),
    "data": (20_000, lambda n: "data:image/png;base64, " * n),
}


@pytest.mark.parametrize("call", [to_text, lambda html: sanitise(html, {})], ids=["to_text", "sanitise"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_html_takes_bounded_time(name: str, call: Callable[[str], str]) -> None:
    """No page makes either function slow: at the size given and at twice of it, half a second of CPU is enough (CASES F5, A3.15)."""
    size, build = HOSTILE[name]
    for n in (size, 2 * size):
        html = build(n)
        assert_within(lambda html=html: call(html), 0.5)


def test_a_processing_instruction_is_no_words() -> None:
    """What a word processor leaves behind (`<?xml ...>`) has no tag at all; the text around it is read."""
    assert to_text("<div>one<?n></div><p>two</p>").split() == ["one", "two"]


@pytest.mark.parametrize(("end", "text"), [("", "above\n<div a0"), (">there", "above\nthere")], ids=["never closed", "closed"])
def test_a_tag_of_thousands_of_attributes_keeps_the_words_around_it(end: str, text: str) -> None:
    """It is read without its attributes; one that never ends is no tag, and what it says is shown rather than lost."""
    tag = "<div " + " ".join(f"a{number}" for number in range(3_000))
    assert to_text(f"<p>above</p>{tag}{end}").replace("\n\n", "\n").startswith(text)
    assert "a2999" not in sanitise(f"<p>above</p>{tag}>there", {})


def test_a_desert_of_empty_lines_is_two() -> None:
    """Where a text is shown as it was typed, more would only push the words out of sight."""
    assert to_text("<pre>above\n\n\n\n\n\n\nbelow</pre>") == "above\n\n\nbelow"
