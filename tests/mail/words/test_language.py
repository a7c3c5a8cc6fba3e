"""The language of a stranger's first mail, where it is beyond doubt."""

from __future__ import annotations

import itertools

import pytest

from gateway.mail.words.language import WORDS, language_of
from tests.growth import assert_within


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Bonjour, l’imprimante ne marche plus. Merci."),
        ("fr", "Je ne reçois plus mes mails depuis hier\n\nLe secrétariat"),
        ("fr", "demande d'accès\nJ'ai besoin d'un accès au guichet pour ma collègue, pouvez-vous faire le nécessaire ?"),
        ("nl", "Goedendag, de printer werkt niet meer. Groeten"),
        ("nl", "Ik kan niet inloggen"),
        ("nl", "aanvraag\nKunt u de toegang van mijn collega nakijken? Het scherm blijft leeg sinds de update.\nDe balie"),
        ("de", "Guten Tag, der Drucker funktioniert nicht mehr."),
        ("de", "Ich kann mich nicht anmelden"),
        ("de", "Antrag\nDie Seite bleibt seit gestern leer, könnten Sie das bitte prüfen?\nDas Sekretariat"),
        ("en", "Hello, the printer does not work any more."),
        ("en", "Please reset my password, thanks"),
        ("en", "access\nCould you check the account of a colleague? It stays blank since this morning.\nThe front desk"),
    ],
)
def test_a_few_words_are_enough(language: str, text: str) -> None:
    """Three different small words of one language, or two in a mail of ten words."""
    assert language == language_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Printer 2 / étage 3",
        "Error 0x80070057",
        "Bonjour, je ne peux pas imprimer depuis hier.\n\nGoedendag, ik kan sinds gisteren niet printen.",
        "Hola, la impresora no funciona desde ayer. Gracias por su ayuda, saludos cordiales",
        "Buongiorno, la stampante non funziona più da ieri, grazie mille per il vostro aiuto",
        "Bom dia, a impressora não funciona desde ontem. Obrigado pela sua atenção, à espera de uma resposta",
        "Hej, printeren virker ikke. Jeg har prøvet at genstarte den, men det hjælper ikke. Med venlig hilsen",
        "Dzień dobry, drukarka nie działa od wczoraj. Proszę o pomoc. Dziękuję i pozdrawiam",
        "9bbf38a544f990e7/3cd12f+c56c/60e6180/edebd31d752d/c4650d6",
    ],
)
def test_a_doubt_is_none(text: str) -> None:
    """Too few words, two languages at once, or a language that is none of the four."""
    assert language_of(text) is None


def test_what_stands_far_down_does_not_count() -> None:
    """A disclaimer in English under a French mail is no word of the writer."""
    below = "\n" * 10 + "This message and all that is in it are for the person that you have in your address. " * 5
    assert "fr" == language_of("Bonjour, je ne peux pas imprimer depuis hier, pouvez-vous nous aider ?\n" * 45 + below)


def test_each_word_is_of_one_language() -> None:
    """What two languages share would vote for both, so it stands in no row; all words are lower-case, as they are looked up."""
    for one, other in itertools.combinations(WORDS, 2):
        assert frozenset() == WORDS[one] & WORDS[other]
    assert all(word == word.lower() for words in WORDS.values() for word in words)


def test_a_long_text_costs_no_more() -> None:
    """Only the beginning is read."""
    text = "je ne sais pas " * 1_000_000
    assert_within(lambda: language_of(text), 0.05)
