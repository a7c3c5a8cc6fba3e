"""Soft line ends: lines of a text that a program broke only to send them, put together again (RFC 3676 §4).

A line that ends with a blank goes on in the next one, within one depth of quotation; the line "-- " of a signature never does. With
`delsp=yes` the blank was added for the break and goes, else it is the one between two words.

Bugs: a program that says `flowed` and leaves blanks at the ends of its hard lines loses those line ends.
"""

from __future__ import annotations

_SIGNATURE = "-- "


def is_flowed(parameters: dict[str, str]) -> bool:
    """Whether a text part with these parameters of its Content-Type has soft line ends."""
    return parameters.get("format", "").lower() == "flowed"


def join_lines(text: str, parameters: dict[str, str]) -> str:
    """`text` without its soft line ends, and without the blanks that were put before lines. Linear."""
    drop = 1 if parameters.get("delsp", "").lower() == "yes" else 0
    out: list[str] = []
    pieces: list[str] = []
    open_depth = -1
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        if pieces and (depth != open_depth or line in {_SIGNATURE, ""}):
            out.append("".join(pieces).rstrip(" "))
            pieces = []
        pieces.append(line if pieces else f"{'>' * depth} {line}" if depth and line else ">" * depth + line)
        open_depth = depth
        if line.endswith(" ") and line != _SIGNATURE:
            pieces[-1] = pieces[-1][: len(pieces[-1]) - drop]
        else:
            out.append("".join(pieces))
            pieces = []
    return "\n".join([*out, "".join(pieces)] if pieces else out)
