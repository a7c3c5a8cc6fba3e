"""Soft line ends: lines of a text that a program broke only to send them, put together again (RFC 3676 §4).

Only a text that says `delsp=yes` is touched. There a blank was added at each soft end, so that addresses and Chinese are in pieces until
it is gone. Without it many programs say `flowed` of lines that merely end with a blank, and joining those would spoil more lists than it
mends paragraphs.
"""

from __future__ import annotations

_SIGNATURE = "-- "


def joins_lines(parameters: dict[str, str]) -> bool:
    """Whether a part of these parameters of its Content-Type has soft line ends whose blank is to go."""
    return parameters.get("format", "").lower() == "flowed" and parameters.get("delsp", "").lower() == "yes"


def join_lines(text: str) -> str:
    """`text` without its soft line ends, the blanks that they were made of, and those that were put before lines. Linear."""
    out: list[str] = []
    pieces: list[str] = []
    open_depth = -1
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        if pieces and (depth != open_depth or line == _SIGNATURE):
            out.append("".join(pieces))
            pieces = []
        pieces.append(line if pieces else f"{'>' * depth} {line}" if depth and line else ">" * depth + line)
        open_depth = depth
        if line.endswith(" ") and line != _SIGNATURE:
            pieces[-1] = pieces[-1][:-1]
        else:
            out.append("".join(pieces))
            pieces = []
    return "\n".join([*out, "".join(pieces)] if pieces else out)
