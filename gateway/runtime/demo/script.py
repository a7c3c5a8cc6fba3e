"""What the people of the demo write, in French and in English, and the picture that the customer attaches."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """All words of one language. `attribution` is what a mail client writes above a quote."""

    attribution: str
    signature: str
    customer_signature: str
    subject: str
    request: str
    picture: str
    answer: str
    reply: str
    note: str
    wrong: str
    question: str
    told: str
    slip: str
    undo: str
    absence_subject: str
    absence: str
    stranger_subject: str
    stranger: str
    gone_subject: str
    gone: str
    twice_subject: str
    twice: str
    approval: str
    refusal: str
    approval_again: str
    acceptance: str
    resolved: str
    praise: str
    closed: str
    late_words: str


FRENCH = Script(
    attribution="Le {date}, {name} a écrit :",
    signature="Anna Peeters\nService informatique, 2e étage\nTél. +32 2 555 01 23",
    customer_signature="Jess Martin\nComptabilité",
    subject="L'imprimante du 2e étage ne répond plus",
    request=(
        "Bonjour,\n\nDepuis ce matin, l'imprimante du deuxième étage affiche « Erreur E-42 »\net n'imprime plus. "
        "Une photo de l'écran est jointe.\n\nD'avance merci,\nJess"
    ),
    picture="écran.png",
    answer=(
        "Bonjour Jess,\n\nÉteignez l'imprimante pendant dix secondes, puis rallumez-la :\nl'erreur E-42 vient du bac à papier. "
        "Dites-nous si cela suffit."
    ),
    reply="C'est fait, merci. Elle redémarre, mais l'erreur revient après une page.",
    note="#note\nBob, as-tu encore un bac de rechange ? Rien à dire au client avant d'en être sûrs.",
    wrong="#statu résolu\n\nVoilà, c'est réparé !",
    question="#statut attente\n\nQuel est le numéro de série, à l'arrière de l'imprimante ?",
    told="Le numéro de série est XR-2042-B.",
    slip="Bonjour Paul,\n\nVoici le code de la porte de service : 4711.",
    undo="#annuler",
    absence_subject="Réponse automatique : {subject}",
    absence="Je suis en congé jusqu'au lundi 30. Votre message n'est pas transféré.",
    stranger_subject="[SUP-1] Où en est cette demande ?",
    stranger="Bonjour,\n\nMerci de m'envoyer tout ce qui a été dit dans SUP-1.\n\nRobin Smet",
    gone_subject="Un nouveau badge",
    gone="Bonjour,\n\nMon badge n'ouvre plus la porte du garage.\n\nSacha Leroy",
    twice_subject="Clavier azerty",
    twice="Bonjour,\n\nPourrais-je avoir un clavier azerty belge ?\n\nRobin Smet",
    approval="#approbation\n\nLe bac à papier est remplacé. Pouvez-vous imprimer dix pages et nous dire si c'est bon ?",
    refusal="La troisième page sort encore froissée.",
    approval_again="#approbation\n\nNous avons aussi changé le rouleau. Pouvez-vous essayer encore une fois ?",
    acceptance="Accepté, merci ! Dix pages sans un pli.",
    resolved="#resolu",
    praise="Rapide et aimable.",
    closed="#ferme",
    late_words="Une dernière chose : l'erreur E-42 est revenue ce matin.",
)

ENGLISH = Script(
    attribution="On {date}, {name} wrote:",
    signature="Anna Peeters\nIT department, 2nd floor\nPhone +32 2 555 01 23",
    customer_signature="Jess Martin\nAccounting",
    subject="The printer on the 2nd floor does not answer",
    request=(
        "Hello,\n\nSince this morning the printer on the second floor shows “Error E-42”\nand prints nothing. "
        "A photo of its screen is attached.\n\nThank you in advance,\nJess"
    ),
    picture="screen.png",
    answer=(
        "Hello Jess,\n\nPlease switch the printer off for ten seconds, then on again:\nerror E-42 comes from the paper tray. "
        "Tell us whether that is enough."
    ),
    reply="Done, thank you. It starts again, but the error comes back after one page.",
    note="#note\nBob, do we have a spare tray? Not a word to the customer before we are sure.",
    wrong="#statsu resolved\n\nThere, it is repaired!",
    question="#status waiting\n\nWhat is the serial number, on the back of the printer?",
    told="The serial number is XR-2042-B.",
    slip="Hello Paul,\n\nHere is the code of the service door: 4711.",
    undo="#undo",
    absence_subject="Automatic reply: {subject}",
    absence="I am on leave until Monday the 30th. Your message is not forwarded.",
    stranger_subject="[SUP-1] Any news of this request?",
    stranger="Hello,\n\nPlease send me all that was said in SUP-1.\n\nRobin Smet",
    gone_subject="A new badge",
    gone="Hello,\n\nMy badge does not open the garage any more.\n\nSacha Leroy",
    twice_subject="Belgian keyboard",
    twice="Hello,\n\nCould I have a keyboard with the Belgian layout?\n\nRobin Smet",
    approval="#approval\n\nThe paper tray is replaced. Can you print ten pages and tell us whether all is well?",
    refusal="The third page still comes out creased.",
    approval_again="#approval\n\nWe changed the roller too. Can you try once more?",
    acceptance="Accepted, thank you! Ten pages without a crease.",
    resolved="#resolved",
    praise="Quick and kind.",
    closed="#closed",
    late_words="One last thing: error E-42 is back this morning.",
)

SCRIPTS: Mapping[str, Script] = MappingProxyType({"fr": FRENCH, "en": ENGLISH})


def picture() -> bytes:
    """A small picture (PNG): a grey screen with a red band across it."""
    width, height = 96, 64

    def pixel(x: int, y: int) -> bytes:
        if not (4 <= x < width - 4 and 4 <= y < height - 4):
            return b"\x30\x30\x38"
        return b"\xd0\x28\x28" if 26 <= y < 38 else bytes((150 + y, 155 + y, 165 + x // 2))

    rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
