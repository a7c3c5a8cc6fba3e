"""The watch over Chromium: one that answers no more ends its test and not the whole run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error

from tests.peers.browser import Chromium

pytestmark = pytest.mark.peers


def test_a_silent_chromium_is_killed_and_the_next_is_a_new_one(peer: Chromium) -> None:
    """A call without any limit of its own comes back when the patience is over, and then there is a browser that works."""
    before = peer.killed
    with peer.watched(1.0) as browser, browser.new_context() as context, pytest.raises(Error):
        context.new_page().evaluate("new Promise(() => {})")
    assert before + 1 == peer.killed
    with peer.watched() as browser, browser.new_context() as context:
        assert 2 == context.new_page().evaluate("1 + 1")
    peer.killed = before  # this one was meant: the test need not be done again
