"""Hostile HTML to plain text, and to HTML that may be shown.

Both begin with the same caps, because each HTML parser has inputs that make it quadratic: unclosed blocks, and formatting tags that are
opened again in every paragraph (CASES F5, A3.1-A3.3, A3.15). What is over the caps is shown as text; no word is lost, only its dress.

Bugs: a page that lays words out with CSS alone reads in the order of its source.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from gateway.mail.read.decode import clean_body

BYTE_CAP = 512 * 1024
"""Characters of HTML that are sanitised; above it the text is shown instead."""
TAG_CAP = 5000
"""Tags that are sanitised; above it the text is shown instead."""
_TEXT_TAG_CAP = 15_000
_FORMATTING_CAP = 100
_TEXT_FORMATTING_CAP = 10
_SHORT = 16_384  # too short for many attributes to matter
_LONGEST_TAG = 3000
_DEPTH_CAP = 100  # of blockquotes and lists: deeper ones look the same

# An image that stands inside the page can be megabytes of base64; it is no word and may not use up the caps.
_DATA_URI = re.compile(r"data:[a-z]{1,20}/[a-z0-9.+-]{1,60};base64,[A-Za-z0-9+/=%\s]*", re.IGNORECASE)
# A parser opens these again in each block that follows an unclosed one: n tags times m blocks (HTML §13.2.4.3).
_FORMATTING = re.compile(r"<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
# A start or end tag in the one reading that HTML §13.2.5 allows of it. Where this fits, every parser ends the tag at the same place.
_TAG = re.compile(
    r"""/?[A-Za-z][^\s"'>/=]*"""
    r"""(?:(?:[\s/]+|(?<=["']))[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*"""
    r"""[\s/]*>"""
)
_TAG_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9:-]{0,40}")


def _within(html: str, formatting_cap: int) -> str:
    """`html` without what would make a parser quadratic: tags with thousands of attributes, formatting tags beyond `formatting_cap`.

    Formatting tags then all become spans. Data URIs go too, so that pictures do not use up the caps.
    """
    if ";base64," in html:
        html = _DATA_URI.sub("", html)
    if len(html) > _SHORT:
        first, *pieces = html.split("<")
        html = first + "".join(map(_tame, pieces))
    if html.count("<") > formatting_cap and sum(1 for _ in _FORMATTING.finditer(html)) > formatting_cap:
        html = _FORMATTING.sub(r"<\1span", html)
    return html


def _tame(piece: str) -> str:
    """What stands from one `<` to the next, with the tag there bare of its attributes if it is too long or can be read in two ways."""
    name = _TAG_NAME.match(piece)
    if name is None or _TAG.match(piece, 0, _LONGEST_TAG):
        return f"<{piece}"
    end = piece.find(">")
    return f"<{name[0]}>{piece[end + 1 :]}" if end >= 0 else f"&lt;{piece}"


# --- HTML to text -------------------------------------------------------------------------------------------------------------------------

_SKIPPED = frozenset(
    {
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "object",
        "iframe",
        "svg",
        "math",
        "select",
        "textarea",
        "-comment",
        "meta",
    }
)
"""Elements of which no word is read."""
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "pre", "table", "dl", "hr"})
_BLOCKS = _PARAGRAPHS | {
    *("div", "li", "tr", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "dt", "dd", "form"),
    *("fieldset", "figure", "figcaption", "body", "html", "tbody", "thead", "tfoot", "caption", "details", "summary"),
}
_LISTS = frozenset({"ul", "ol"})
_CELLS = frozenset({"td", "th"})
_NEAR = 8
_DEEPEST_INDENT = 8
_FEW_DIGITS = re.compile(r"\d{1,6}", re.ASCII)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_HIDDEN = re.compile(
    r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|opacity\s{0,5}:\s{0,5}0(?:\.0{0,5})?(?![\d.])", re.IGNORECASE
)
# Of no height, and what stands out of it is not shown. A font of no size hides nothing: layouts close their gaps with it.
_FLAT = re.compile(r"max-height\s{0,5}:\s{0,5}0(?:px|em|pt)?(?![\d.%])", re.IGNORECASE)
_CLIPPED = re.compile(r"overflow\s{0,5}:\s{0,5}hidden", re.IGNORECASE)
_URL_LIKE = re.compile(r"(?:https?://|www\.)\S+|[^\s@]+@[^\s@]+", re.IGNORECASE)


@dataclass(slots=True)
class _Page:
    """The text so far: whole lines, and the line being written."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0
    preformatted: int = 0
    blank: bool = False  # whether an empty line is due before the next words
    blank_quotes: int = 0  # the least quoted place that it stands between
    lists: list[int | None] = field(default_factory=list)  # the number of the next item of each open list; None where it has none
    bullet: str = ""  # what the first words of an item stand behind
    cells: set[int] = field(default_factory=set)  # blocks that are all that there is in their cell of a row

    def words(self, text: str) -> None:
        if self.preformatted:
            first, *others = text.split("\n")
            self._append(first)
            for other in others:
                self.end_line(forced=True)
                self._append(other)
            return
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and (not self.line or self.line[-1].endswith((" ", "\t"))):
            text = text[1:]
        self._append(text)

    def _append(self, text: str) -> None:
        if not text:
            return
        if self.blank:
            self.blank = False
            if self.lines and self.lines[-1].strip("> "):
                self.lines.append(self.prefix(min(self.blank_quotes, self.quotes)).rstrip())
        if self.bullet and text.strip():
            self.line.append(self.bullet)
            self.bullet = ""
            text = text.lstrip(" ")
        self.line.append(text)

    def prefix(self, quotes: int) -> str:
        return "> " * min(quotes, _DEPTH_CAP)

    def end_line(self, *, forced: bool = False) -> None:
        text = "".join(self.line).rstrip()
        self.line.clear()
        if text or forced:
            self.lines.append((self.prefix(self.quotes) + text).rstrip() if self.quotes else text)

    def paragraph(self) -> None:
        self.end_line()
        self.blank_quotes = min(self.blank_quotes, self.quotes) if self.blank else self.quotes
        self.blank = True


def to_text(html: str) -> str:
    """The words of `html` as a person sees them.

    Blocks stand on lines of their own, quotes behind "> ", links as "text <url>" where the text does not show the address. Hidden elements,
    scripts, styles and the head are not words. Never raises; linear within its caps.
    """
    from selectolax.lexbor import LexborHTMLParser

    html = _within(html.replace("\0", ""), _TEXT_FORMATTING_CAP)
    cap = min(BYTE_CAP, _nth(html, "<", _TEXT_TAG_CAP))
    html, rest = html[:cap], html[cap:]
    root = LexborHTMLParser(html.encode("utf-8", "replace").decode("utf-8")).root
    page = _Page()
    node: Any = root
    top = 0 if root is None else root.mem_id  # comparing nodes themselves compares their HTML: quadratic
    links: list[tuple[str, int]] = []
    while node is not None:
        node = _enter(page, node, links) or _leave_until_next(page, node, links, top)
    page.end_line()
    if rest:
        page.lines += _without_tags(rest).split("\n")
    return _finished(page.lines)


def _without_tags(html: str) -> str:
    """What is left of `html` when everything between angle brackets is gone: no parser is asked, so nothing can make it slow."""
    return entities.unescape(" ".join(piece.partition(">")[2] for piece in html.split("<")))


def _nth(text: str, piece: str, count: int) -> int:
    """Where `piece` stands for the `count`-th time; the length of `text` when it does not."""
    position = -1
    for _ in range(count):
        position = text.find(piece, position + 1)
        if position < 0:
            return len(text)
    return position


def _finished(lines: list[str]) -> str:
    """Lines as one text: no-break spaces as blanks, never more than two empty lines together, none at the ends."""
    text = clean_body("\n".join(lines)).replace("\u00a0", " ")
    out: list[str] = []
    for raw in text.split("\n"):
        line = raw.rstrip()
        if line or len(out) < 2 or out[-1] or out[-2]:
            out.append(line)
    return "\n".join(out).strip("\n")


def _enter(page: _Page, node: Any, links: list[tuple[str, int]]) -> Any:
    """Write what begins at `node`; its first child, or None when there is nothing to enter."""
    tag = node.tag
    if tag == "-text":
        page.words(node.text_content or "")
        return None
    if not tag or tag in _SKIPPED or (tag[0] != "-" and _is_hidden(node)):
        return None
    if tag in _BLOCKS:
        _open_block(page, tag, node)
    elif tag == "br":
        page.end_line(forced=True)
        if page.blank:
            page.blank = False
    elif tag in _CELLS:
        _open_cell(page, node)
    elif tag == "a":
        links.append((node.attributes.get("href") or "", len(page.line)))
    elif tag == "img" and (alternative := node.attributes.get("alt")):
        page.words(alternative[:200])
    return node.first_child


def _is_hidden(node: Any) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    style = attributes.get("style")
    if "hidden" in attributes or style is None:
        return "hidden" in attributes
    style = style[:5000]
    return bool(_HIDDEN.search(style) or (_FLAT.search(style) and _CLIPPED.search(style)))


def _open_block(page: _Page, tag: str, node: Any) -> None:
    if page.cells and node.mem_id in page.cells:
        return
    if tag in _PARAGRAPHS and not (tag in _LISTS and page.lists):
        page.paragraph()
    else:
        page.end_line()
    if tag == "blockquote":
        page.quotes += 1
    elif tag == "pre":
        page.preformatted += 1
    elif tag in _LISTS:
        page.lists.append(_number(node, "start", 1) if tag == "ol" else None)
    elif tag == "li":
        _open_item(page, node)


def _open_item(page: _Page, node: Any) -> None:
    """What an item of a list begins with: a dash or its number, as far in as its list stands in others."""
    number = page.lists[-1] if page.lists else None
    indent = "  " * (min(len(page.lists), _DEEPEST_INDENT) - 1)
    if number is None:
        page.bullet = f"{indent}- "
        return
    number = _number(node, "value", number)
    page.bullet = f"{indent}{number}. "
    page.lists[-1] = number + 1


def _number(node: Any, name: str, otherwise: int) -> int:
    """The number in an attribute, if it is one of a few digits."""
    written = (node.attributes.get(name) or "").strip()
    return int(written) if _FEW_DIGITS.fullmatch(written) else otherwise


def _open_cell(page: _Page, node: Any) -> None:
    """Set a cell apart from the one before it. A paragraph that is all its words does not break the row."""
    if page.line:
        page.line[-1] = page.line[-1].rstrip(" ")
        page.line.append("\t")
    inside = [child for child in _near(node.first_child) if child.tag != "-text" or (child.text_content or "").strip()]
    beside = any(other.tag in _CELLS for other in (*_near(node.next), *_near(node.prev, back=True)))
    if beside and len(inside) == 1 and inside[0].tag in {"p", "div"}:
        within = list(_near(inside[0].first_child))
        if len(within) < _NEAR and not any(child.tag == "br" or child.tag in _BLOCKS for child in within):
            page.cells.add(inside[0].mem_id)


def _near(node: Any, *, back: bool = False) -> Iterator[Any]:
    """`node` and a few of those that follow it, or stand before it."""
    for _ in range(_NEAR):
        if node is None:
            return
        yield node
        node = node.prev if back else node.next


def _leave_until_next(page: _Page, node: Any, links: list[tuple[str, int]], top: int) -> Any:
    """Close `node`, and its parents as far as they end here; the node that comes next, or None at the end."""
    while node is not None and node.mem_id != top:
        _leave(page, node, links)
        following = node.next
        if following is not None:
            return following
        node = node.parent
    return None


def _leave(page: _Page, node: Any, links: list[tuple[str, int]]) -> None:
    tag = node.tag
    if not tag or tag in _SKIPPED or tag == "-text" or ((tag in _BLOCKS or tag == "a") and _is_hidden(node)):
        return
    if tag in _BLOCKS:
        _leave_block(page, tag, node)
    elif tag == "a" and links:
        href, begin = links.pop()
        _write_link(page, href.strip(), "".join(page.line[begin:]).strip())


def _leave_block(page: _Page, tag: str, node: Any) -> None:
    if page.cells and node.mem_id in page.cells:
        return
    if tag in _LISTS and page.lists:
        page.lists.pop()
    if tag in _PARAGRAPHS and not (tag in _LISTS and page.lists):
        page.paragraph()
    else:
        page.end_line()
    if tag == "blockquote":
        page.quotes -= 1
    elif tag == "pre":
        page.preformatted -= 1
    elif tag == "li":
        page.bullet = ""


def _write_link(page: _Page, href: str, shown: str) -> None:
    """The address behind the words of a link, when it is one that a person could follow and the words do not already show it."""
    scheme, _, rest = href.partition(":")
    if scheme.lower() not in {"http", "https", "mailto"} or not shown or len(href) > 2000:
        return
    target = unquote(rest).partition("?")[0] if scheme.lower() == "mailto" else href
    bare = target.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    seen = shown.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    if bare == seen or (bare in shown.lower() and _URL_LIKE.search(shown)) or _SPACE.search(target) or "<" in target or ">" in target:
        return
    page.line.append(f" <{target}>")


# --- HTML to safe HTML --------------------------------------------------------------------------------------------------------------------

_TAGS = {
    *("a", "abbr", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt"),
    *(
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strike",
    ),
    *("strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul"),
}
"""Tags that are shown; of any other one only its words are."""

_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
    "ol": {"start", "type"},
    "*": {"dir", "lang"},
}
"""Their attributes that stay. A link of `href` may be http, https, mailto or tel; `src` an image of this very mail."""

_CONTENT_GONE = {
    "script",
    "style",
    "head",
    "title",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "math",
    "select",
    "textarea",
    "audio",
    "video",
}
"""Tags of which the words go too."""


def sanitise(html: str, cid_urls: Mapping[str, str]) -> str:
    """`html` as HTML that may be put into a page: listed tags only, no style, no script, no remote image, links that open apart.

    An image `cid:x` becomes the address `cid_urls["x"]` (Content-ID without brackets); every other image goes. Over the caps the words
    are shown as text. Never raises.
    """
    import nh3

    html = _within(html.replace("\0", ""), _FORMATTING_CAP)
    if len(html) > BYTE_CAP or html.count("<") > TAG_CAP:
        return _as_paragraphs(to_text(html))
    known = {name.strip().lower(): url for name, url in cid_urls.items()}

    def attribute(tag: str, name: str, value: str) -> str | None:
        scheme, _, ident = value.strip().partition(":")
        if tag == "img" and name == "src":
            return known.get(unquote(ident).strip().lower()) if scheme.lower() == "cid" else None
        return None if name == "href" and scheme.lower() == "cid" else value

    return nh3.clean(
        html.encode("utf-8", "replace").decode("utf-8"),
        tags=_TAGS,
        clean_content_tags=_CONTENT_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _as_paragraphs(text: str) -> str:
    """Plain text as HTML."""
    return "".join(f"<p>{entities.escape(block).replace(chr(10), '<br>')}</p>" for block in text.split("\n\n") if block.strip())
