"""Every page and state in a real browser: what it looks like, that nothing is wrong with it, and that it works without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Page

from gateway.mail.signed.link import LinkPurpose
from gateway.store import schema
from tests.browser.states import PICTURE, STATES, State, asked, entered, opened, resolved, to_approve
from tests.web.stage import Stage

pytestmark = pytest.mark.peers

WIDE, PHONE, NARROW = 1280, 360, 320

LOOSE = """() => [...document.querySelectorAll('*')].filter((e) => {
  const style = getComputedStyle(e);
  return e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && style.position !== 'absolute';
}).map((e) => e.tagName + '.' + e.className)"""

SMALL = """() => [...document.querySelectorAll(
    'button, .btn, input:not([type=hidden]):not([type=radio]), textarea, summary, footer a, .files a, nav a, .rate label')]
  .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.5).map((e) => e.outerHTML.slice(0, 90))"""

FOCUSABLE = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, summary, iframe')]
  .filter((e) => e.checkVisibility() && !(e.type === 'radio' && !e.checked && document.querySelector('[type=radio]:checked'))).length"""

FOCUSED = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  e.dataset.reached = '1';
  const seen = e.type === 'radio' ? e.closest('label') : e;
  const style = getComputedStyle(seen);
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return { tag: e.outerHTML.slice(0, 80), visible: outlined || e.tagName === 'IFRAME' };
}"""


LIGHT, DARK, LENIENT = "light, with scripts", "dark, without scripts", "light, with scripts, lets axe-core in past our policy"


@pytest.fixture
def contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """The browsers of three people."""
    made = {
        LIGHT: browser.new_context(color_scheme="light", locale="fr-BE"),
        DARK: browser.new_context(color_scheme="dark", locale="fr-BE", java_script_enabled=False),
        LENIENT: browser.new_context(color_scheme="light", locale="fr-BE", bypass_csp=True),
    }
    yield made
    for context in made.values():
        context.close()


def fresh(context: BrowserContext, width: int = WIDE) -> Page:
    """A new tab of somebody who was never here."""
    context.clear_cookies()
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    return page


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_state_in_every_browser(stage: Stage, contexts: dict[str, BrowserContext], pictures: Path | None, state: State) -> None:
    """Wide and narrow, light and dark, with scripts and without: it is shown, fits, and no rule of axe-core is broken."""
    state.prepare(stage)
    for kind, scheme in ((LENIENT, "light"), (DARK, "dark")):
        page = fresh(contexts[kind])
        said = complaints(page)
        state.show(stage, page)
        for width in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator("h1").bounding_box() is not None
            if pictures:
                page.screenshot(path=pictures / f"{state.name}-{width}-{scheme}.png", full_page=True)
        if kind is LENIENT:
            judged(page)
            page.set_viewport_size({"width": NARROW, "height": 900})
            assert [] == page.evaluate(LOOSE)
            assert [] == page.evaluate(SMALL)
            page.emulate_media(color_scheme="dark")
            judged(page)
            page.emulate_media(color_scheme="light")
        assert [] == said
        page.close()


def complaints(page: Page) -> list[str]:
    """What the browser will complain of on this page, without its word for a status that is no success."""
    said: list[str] = []
    page.on("console", lambda message: None if "status of" in message.text else said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def judged(page: Page) -> None:
    """Axe-core finds nothing."""
    found: Any = Axe().run(page).response["violations"]
    assert [] == [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize(
    ("name", "prepare", "path", "purpose"),
    [
        ("ticket", to_approve, "", LinkPurpose.VIEW),
        ("survey", resolved, "/avis/TOKEN/4", LinkPurpose.SURVEY),
        ("start", opened, "/", LinkPurpose.VIEW),
    ],
)
def test_the_keyboard_reaches_everything(
    stage: Stage,
    contexts: dict[str, BrowserContext],
    name: str,
    prepare: Any,
    path: str,
    purpose: LinkPurpose,
) -> None:
    """Tab goes through every control once, the skip link first, and where it is can be seen (WCAG 2.1.1, 2.4.7)."""
    prepare(stage)
    page = fresh(contexts[LIGHT])
    if path:
        page.goto(stage.house.url + path.replace("TOKEN", stage.token(purpose)))
    else:
        entered(stage, page)
    wanted = page.evaluate(FOCUSABLE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    steps = []
    while (here := page.evaluate(FOCUSED)) is not None and len(steps) < 100:
        steps.append(here)
        page.keyboard.press("Tab")
    assert [] == [step["tag"] for step in steps if not step["visible"]]
    assert wanted == page.locator("[data-reached]").count()
    page.close()


def test_the_skip_link_skips(stage: Stage, contexts: dict[str, BrowserContext]) -> None:
    """Enter on it puts the focus into the content."""
    opened(stage)
    page = fresh(contexts[LIGHT])
    entered(stage, page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "c" == page.evaluate("document.activeElement.id")
    page.close()


def test_everything_works_without_a_script(stage: Stage, contexts: dict[str, BrowserContext]) -> None:
    """Answer with a file, mute, refuse with words, vote: all by forms alone (SURFACE 4.6)."""
    asked(stage)
    page = fresh(contexts[DARK], PHONE)
    entered(stage, page)
    page.locator("#texte").fill("C’est écrit LX-4410-7.")
    page.locator("[type=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PICTURE})
    page.locator(".need button").click()
    assert page.url.endswith("/t/SUP-1?fait=answer")
    assert "in_progress" == stage.ticket().status
    assert 1 == stage.scene.count(schema.attachments)
    page.locator('button[value="mute"]').click()
    assert 1 == page.locator('button[value="unmute"]').count()
    stage.scene.later()
    stage.agent("#approbation\n\nEst-ce bon ?\n")
    page.goto(f"{stage.house.url}/d/{stage.token(LinkPurpose.DECIDE)}/refuse")
    page.locator("textarea").fill("Non.")
    page.locator("form.card button").click()
    assert page.url.endswith("/t/SUP-1?fait=refuse")
    stage.scene.later()
    stage.agent("#résolu\n\nVoilà.\n")
    page.goto(f"{stage.house.url}/avis/{stage.token(LinkPurpose.SURVEY)}/5")
    page.locator("form.card button").click()
    assert "Très bon" in page.inner_text("main")
    page.close()


def test_a_link_that_a_scanner_opens_does_nothing(stage: Stage, contexts: dict[str, BrowserContext]) -> None:
    """A browser that opens every link of the mails, runs the scripts and waits, decides and votes nothing (CASES A4.1)."""
    resolved(stage)
    page = fresh(contexts[LIGHT])
    paths = [f"/avis/{stage.token(LinkPurpose.SURVEY)}/{step}" for step in range(1, 6)]
    paths += [f"/d/{stage.token(LinkPurpose.DECIDE)}/reopen", f"/m/{stage.token(LinkPurpose.MUTE)}", f"/u/{stage.token(LinkPurpose.UNDO)}"]
    for path in paths:
        page.goto(stage.house.url + path)
        page.mouse.move(200, 300)
    page.wait_for_timeout(300)
    assert 0 == stage.scene.count(schema.survey_answers)
    assert 0 == stage.scene.count(schema.participants, schema.participants.c.muted)
    assert "resolved" == stage.ticket().status
    page.close()


def test_files_can_be_pasted_and_dropped(stage: Stage, contexts: dict[str, BrowserContext]) -> None:
    """With scripts a pasted picture and a dropped file stand in the form, are listed, and are sent with it."""
    opened(stage)
    page = fresh(contexts[LIGHT])
    entered(stage, page)
    hand_over = """([kind, name]) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], name, { type: 'image/png' }));
      const form = document.querySelector('form[action$="/comment"]');
      form.dispatchEvent(kind === 'paste'
        ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
        : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(hand_over, ["paste", "image.png"])
    page.evaluate(hand_over, ["drop", "plan.png"])
    listed = page.locator('form[action$="/comment"] .files li').all_inner_texts()
    assert 2 == len(listed)
    assert listed[0].startswith("image-20")
    assert "plan.png" == listed[1]
    page.locator('form[action$="/comment"] button').click()
    assert 2 == stage.scene.count(schema.attachments)
    page.close()


def test_a_written_text_is_not_lost_by_a_click(stage: Stage, browser: Browser) -> None:
    """With scripts the browser asks before it leaves a page with an unsent text, and not when the text is sent."""
    opened(stage)
    asked_before: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked_before.append(dialog.type)
        dialog.dismiss()

    with browser.new_context(locale="fr-BE") as context:  # of its own: a question that is still open would hold up the others
        page = fresh(context)
        page.on("dialog", stay)
        entered(stage, page)
        page.locator("#texte").press_sequentially("Un mot")
        page.get_by_role("link", name="Centre de support").click(no_wait_after=True)
        page.wait_for_timeout(300)
        assert ["beforeunload"] == asked_before
        assert page.url.endswith("/t/SUP-1")
        page.locator('form[action$="/comment"] button').click()
        page.wait_for_url("**/t/SUP-1?fait=comment")
        assert ["beforeunload"] == asked_before


def test_a_page_is_three_requests_to_us_alone(stage: Stage, contexts: dict[str, BrowserContext]) -> None:
    """The page, its style, its script; nothing from anybody else (SURFACE 4.6)."""
    opened(stage)
    page = fresh(contexts[LIGHT])
    stage.enter()
    cookie = {"name": "t-SUP-1", "value": stage.http.cookies["t-SUP-1"], "url": stage.house.url}
    contexts[LIGHT].add_cookies([cookie])  # type: ignore[list-item]
    said = complaints(page)
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto(f"{stage.house.url}/t/SUP-1", wait_until="networkidle")
    pages = [url for url in asked_for if not url.endswith(".svg")]
    assert len(pages) <= 3
    assert {True} == {url.startswith(stage.house.url + "/") for url in asked_for}
    assert [] == said
    page.close()
