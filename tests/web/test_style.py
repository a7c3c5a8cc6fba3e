"""The style sheet and the weight of a page: contrast by the formula of WCAG, and bytes over the wire."""

from __future__ import annotations

import gzip
import re

import pytest

from gateway.runtime.data import data_path
from tests.web.stage import Stage

CSS = data_path("templates", "web", "site.css").read_text("utf-8")

TEXT = [
    *(("ink", ground) for ground in ("page", "card")),
    *(("mute", ground) for ground in ("page", "card")),
    *(("link", ground) for ground in ("page", "card")),
    *((tone, f"{tone}-b") for tone in ("blue", "orange", "purple", "green", "grey", "red")),
    *(("on-link", "link"), ("red", "card"), ("red", "red-b")),
]
CONTROLS = [
    *(("edge", ground) for ground in ("card", "page", "orange-b")),
    *(("focus", ground) for ground in ("card", "page", "orange-b")),
    *(("link", ground) for ground in ("card", "blue-b", "orange-b")),
]


def colours(scheme: str) -> dict[str, str]:
    """The variables of a scheme."""
    light, dark = re.findall(r":root \{([^}]*--page: #[^}]*--card[^}]*)\}", CSS)
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", dark))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str) -> None:
    """Text has 4.5 to 1 on every ground that it stands on, in both schemes (WCAG 1.4.3)."""
    known = colours(scheme)
    assert {} == {pair: contrast(known[pair[0]], known[pair[1]]) for pair in TEXT if contrast(known[pair[0]], known[pair[1]]) < 4.5}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_can_be_seen(scheme: str) -> None:
    """Edges of fields, and the focus, have 3 to 1 (WCAG 1.4.11)."""
    known = colours(scheme)
    assert {} == {pair: contrast(known[pair[0]], known[pair[1]]) for pair in CONTROLS if contrast(known[pair[0]], known[pair[1]]) < 3}


def test_the_style_sheet_loads_nothing() -> None:
    """No address stands in it: no font, no picture, no other sheet."""
    assert not re.search(r"url\(|@import|@font-face|//", CSS)


def packed(text: str | bytes) -> int:
    """Bytes over the wire."""
    return len(gzip.compress(text if isinstance(text, bytes) else text.encode(), 6))


def test_a_page_is_light(stage: Stage) -> None:
    """A ticket with six entries and its style sheet: 6 kB; with fifty: 14 kB; the script: 4 kB; three requests (SURFACE 4.6)."""
    stage.opened(
        "Since this morning the printer does not answer any more.\nThe light is orange and nothing comes out. Can you look at it?\n"
    )
    stage.agent("#encours\n\nI will look at it at once, and come back to you before noon.\n")
    stage.agent("#approbation\n\nWe have replaced the drum. Can you print a page and tell us whether it is right now?\n")
    page = stage.enter().text
    entries = page.split('<ol class="log"')[1].split("</ol>")[0]
    assert 5 <= entries.count("<li") <= 7
    assets = {asset.path: asset for asset in stage.app.state.site.look.assets.values()}
    loaded = [path for path in assets if f'"{path}"' in page and not path.endswith(".svg")]
    assert 2 == len(loaded)
    style, script = (next(a for p, a in assets.items() if p.endswith(end)).content for end in (".css", ".js"))
    assert packed(page) + packed(style) <= 6000
    assert packed(style) <= 4000
    assert packed(script) <= 4000
    for number in range(23):
        stage.scene.clock.pass_by(hours=7)
        stage.agent(f"This is question number {number}, and it is as long as such a question mostly is. What do you see?\n")
        stage.scene.mail(
            "jess@commune.example", f"Answer {number}: I see the same as before.\n", answers=stage.scene.last("jess@commune.example")
        )
        stage.scene.later()
    long = stage.enter().text
    assert 50 <= long.split('<ol class="log"')[1].split("</ol>")[0].count("<li")
    assert packed(long) <= 14_000
