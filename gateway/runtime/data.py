"""Where the default config and the templates are: in a checkout beside the package, in an installed wheel inside it.

Asked through one function, so that nothing else has to know which of the two it runs from.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def data_path(*parts: str) -> Path:
    """The file or folder `parts` ("templates", "mail") of the shipped data. FileNotFoundError names both places when it is in neither.

    The wheel's place is asked first: beside an installed package stands whatever else is installed.
    """
    places = (_PACKAGE.joinpath("data", *parts), _PACKAGE.parent.joinpath(*parts))
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(f"{'/'.join(parts)} is neither at {places[0]} nor at {places[1]}: the installation is incomplete")
