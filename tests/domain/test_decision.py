"""A decision stands in the first words of a mail, or nowhere."""

from __future__ import annotations

import pytest

from gateway.domain.decision import ACCEPT, REFUSE, read_decision, words_beyond


@pytest.mark.parametrize(
    ("text", "decision", "rest"),
    [
        ("Accepté", ACCEPT, ""),
        ("Accepté, merci", ACCEPT, "merci"),
        ("\n  « Accepté »", ACCEPT, ""),
        ("ACCEPTE.", ACCEPT, ""),
        ("J’accepte la solution.", ACCEPT, "la solution."),
        ("Accepted by customer", ACCEPT, "by customer"),
        ("Aanvaard, dank u", ACCEPT, "dank u"),
        ("Angenommen\nDanke!", ACCEPT, "Danke!"),
        ("Refusé : il manque la date", REFUSE, "il manque la date"),
        ("Refusé\n\nÇa ne marche pas.", REFUSE, "Ça ne marche pas."),
        ("Je refuse car le total est faux", REFUSE, "car le total est faux"),
        ("Refused - the total is not right", REFUSE, "the total is not right"),
        ("Geweigerd.", REFUSE, ""),
        ("Abgelehnt: nicht fertig", REFUSE, "nicht fertig"),
    ],
)
def test_what_decides(text: str, decision: str, rest: str) -> None:
    """The words that M05 asks for, in four languages, with the reason that follows them."""
    assert read_decision(text) == decision
    assert words_beyond(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "ok",
        "Acceptable",
        "Acceptez-vous les fichiers PDF ?",
        "Accepté si vous changez la couleur",
        "Accepté mais il reste une faute",
        "Accepté ou refusé, je ne sais",
        "Je ne sais pas si j'accepte",
        "Merci. Accepté.",
        "not accepted",
        "Accept?",
        "12 accepté",
    ],
)
def test_what_does_not_decide(text: str) -> None:
    """A condition, a question, a doubt, or a word in the middle: the customer is asked again, nothing goes into production by a guess."""
    assert read_decision(text) is None


def test_a_hostile_first_line_costs_little() -> None:
    """Only its beginning is read."""
    assert read_decision("accepté " + "si " * 200_000) is None
    assert read_decision("a" * 1_000_000) is None


@pytest.mark.parametrize(("text", "reason"), [("", ""), (" \n\n", ""), ("12 lines are wrong.\nRefused", "12 lines are wrong.\nRefused")])
def test_without_a_word_that_decides_everything_is_the_reason(text: str, reason: str) -> None:
    """A refusal by button may come with any words: none of them is taken for the decision and cut; nothing at all is no reason."""
    assert words_beyond(text) == reason
