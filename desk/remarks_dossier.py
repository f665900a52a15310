"""Words of refusals about gates, corrections and confidential steps, to translate."""

from __future__ import annotations

from typing import Final

from language import mark

DOSSIER_WHOLE: Final = (
    mark("this key is trusted already"),
    mark("no desk key is trusted here, so nothing is signed"),
    mark("these are what is taken unsigned already"),
    mark("all but those about keys"),
    mark("the key it names is not trusted here"),
    mark("it is over something else, or by another key"),
    mark("that is what stands there already"),
    mark("these roles and no others read it already"),
    mark("it is private; who it is about can have it erased"),
    mark("the dialogue goes by it; there are commands that change it"),
    mark("no figure and no text stands there"),
    mark("nothing stands there"),
    mark("a share of nobody is no share"),
    mark("a whole number"),
    mark("a text"),
)
DOSSIER_PATTERNS: Final = (
    mark("what can be corrected there is: {known}"),
    mark("there are no events of the type {kind}"),
    mark("{kind} has no {member}"),
    mark("{spoke} people spoke, and {entitled} were entitled to"),
    mark("{valid} are valid of {counted}"),
)
