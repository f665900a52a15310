"""What people read, in their language: one English text, one catalogue a language.

The English text stands in the code, marked with `mark` or handed to a translator, and
is the key in ``catalogues/<language>.po``. A catalogue is read when it is first
needed: nothing is compiled beforehand, so nothing compiled can be out of date.

A catalogue may have parts, one for an area of the pages: what stands in
``catalogues/<language>/<part>.po`` is added to it. A part has no header of its own, and
no key of another part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from gettext import GNUTranslations, NullTranslations
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


def parts(lang: str) -> list[str]:
    """Return the texts that make up a catalogue, the one with its header first."""
    folder = files("language").joinpath("catalogues")
    more = folder.joinpath(lang)
    found = [folder.joinpath(f"{lang}.po")]
    if more.is_dir():
        named = (file for file in more.iterdir() if file.name.endswith(".po"))
        found += sorted(named, key=lambda file: file.name)
    return [file.read_text("utf-8") for file in found]


def _read(texts: Sequence[str]) -> GNUTranslations:
    return GNUTranslations(BytesIO(to_mo("\n".join(texts))))


class _Whole(NullTranslations):
    """A catalogue with its parts, read once a text is asked for that is in a part.

    Those are of the pages, and the command line says nothing of it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__()
        self._texts = texts

    @cached_property
    def _whole(self) -> GNUTranslations:
        return _read(self._texts)

    def gettext(self, message: str) -> str:
        return self._whole.gettext(message)


@cache
def _translator(lang: str) -> Callable[[str], str]:
    texts = parts(lang)
    catalogue = _read(texts[:1])
    if texts[1:]:
        catalogue.add_fallback(_Whole(texts))

    def translate(text: str) -> str:
        # The empty key is the catalogue's own header.
        return catalogue.gettext(text) if text else ""

    return translate
