"""Words of refusals about audiences, lists, late responses and suspensions."""

from __future__ import annotations

from typing import Final

from language import mark

WINDOW_WHOLE: Final = (
    mark("the list is open already: extend it for all on it"),
    mark("these people were invited already"),
    mark("the method does not ask these people so"),
    mark("this suspension holds here already"),
    mark("this suspension does not hold here"),
    mark("these dialogues went on already"),
    mark("whoever runs the process"),
)
WINDOW_PATTERNS: Final = (mark("response {number} is used already"),)
