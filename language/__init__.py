"""What people read, in their language: one English text, one catalogue a language.

The English text stands in the code, marked with `mark` or handed to a translator, and
is the key in ``catalogues/<language>.po``. A catalogue is read when it is first
needed: nothing is compiled beforehand, so nothing compiled can be out of date.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

from language.catalogue import to_mo

DEFAULT: Final = "en"
"""The language of the texts in the code, and of whoever asks for one we lack."""


def mark(text: str) -> str:
    """Return ``text`` as it is: it is a key, translated where it is used."""
    return text


def translator(lang: str) -> Callable[[str], str]:
    """Return what gives a text of the code in ``lang``.

    ``lang`` is a tag such as ``nl`` or ``nl-NL``; English stands in for a language
    without a catalogue, and for a text that a catalogue lacks.
    """
    return _translator(spoken(lang))


def spoken(lang: str) -> str:
    """Return the language in which somebody who asks for ``lang`` is addressed."""
    first = lang.replace("_", "-").partition("-")[0].lower()
    return first if first in languages() else DEFAULT


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a catalogue."""
    found = files("language").joinpath("catalogues").iterdir()
    return frozenset(
        file.name.removesuffix(".po") for file in found if file.name.endswith(".po")
    )


@cache
def _translator(lang: str) -> Callable[[str], str]:
    file = files("language").joinpath("catalogues", f"{lang}.po")
    catalogue = GNUTranslations(BytesIO(to_mo(file.read_text("utf-8"))))

    def translate(text: str) -> str:
        # The empty key is the catalogue's own header.
        return catalogue.gettext(text) if text else ""

    return translate
