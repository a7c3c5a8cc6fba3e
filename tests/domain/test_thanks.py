"""T16: thanks and nothing else stays a comment; anything more reopens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.thanks import only_thanks
from tests.growth import assert_within

THANKS = [
    "Merci !",
    "merci",
    "MERCI BEAUCOUP",
    "Merci Jess",
    "Merci beaucoup pour votre aide.\n\nPaul Dupont",
    "C’est bon, merci",
    "C'est parfait, merci pour votre réponse rapide",
    "Super, tout fonctionne !",
    "Ok merci",
    "Impeccable",
    "Bedankt!",
    "Hartelijk dank voor uw hulp",
    "Top, dank u wel",
    "Danke schön!",
    "Vielen Dank für die schnelle Hilfe",
    "Thanks, works great now",
    "Perfect!",
    "Great, thank you very much\nBest regards\nJess",
    "👍",
    "merci 🙏",
]
MORE = [
    "",
    "   \n",
    "ok",
    "non",
    "Merci ?",
    "Merci, mais cela ne marche toujours pas",
    "Merci. Erreur 500",
    "merci de fermer la demande",
    "Merci d'appeler Jess",
    "Merci, le problème revient",
    "MERCI MAIS TOUJOURS EN PANNE",
    "Bedankt, maar het werkt niet",
    "Dank, graag ook voor Gent",
    "Danke. Bitte Rückruf",
    "Danke, Fehler bleibt",
    "Thanks, printer is broken",
    "doesn't work, thanks",
    "It isn't perfect",
    "No thanks",
    "bonjour",
    "merci " * 13,
    "J'ai testé",
]


@pytest.mark.parametrize("text", THANKS)
def test_thanks_in_four_languages(text: str) -> None:
    """Thanks, with greetings, names and fillers around them, is only thanks."""
    assert only_thanks(text, has_attachments=False)


@pytest.mark.parametrize("text", MORE)
def test_anything_more_is_more(text: str) -> None:
    """A question, a doubt, a wish, an unknown word, too many words or no thanks at all: the ticket must reopen."""
    assert not only_thanks(text, has_attachments=False)


@pytest.mark.parametrize("text", THANKS)
def test_a_file_says_more_than_thanks(text: str) -> None:
    """With an attachment no text is only thanks: the file may show that it still fails."""
    assert not only_thanks(text, has_attachments=True)


def test_twelve_words_are_the_most() -> None:
    """Twelve words may be thanks, thirteen are not."""
    assert only_thanks("merci " * 12, has_attachments=False)
    assert not only_thanks("merci " * 13, has_attachments=False)


@given(st.sampled_from(THANKS), st.sampled_from(["mais", "pas", "niet", "aber", "not", "toujours", "error"]), st.booleans())
def test_one_word_of_doubt_decides(text: str, doubt: str, before: bool) -> None:
    """A doubt at the beginning or the end of any thanks reopens."""
    assert not only_thanks(f"{doubt} {text}" if before else f"{text} {doubt}", has_attachments=False)


@given(st.text(max_size=400))
def test_any_text_is_judged(text: str) -> None:
    """No text makes it raise; what has a question mark is never only thanks."""
    assert not only_thanks(text + "?", has_attachments=False)
    assert only_thanks(text, has_attachments=False) in (True, False)


def test_a_huge_text_costs_nothing() -> None:
    """Ten million characters are refused by their length."""
    text = "merci " * 2_000_000
    assert not only_thanks(text, has_attachments=False)
    assert_within(lambda: only_thanks(text, has_attachments=False), 0.1)
