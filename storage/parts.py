"""A state is laid out member by member, so that an event writes only what it changes.

Small members lie together in read.dialogue; each large one is a row of read.part. An
event replaces the members that it changes and leaves the others the very same objects,
so what was written of those stands, however much it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from domain.state import THIN, Dialogue

LARGE: Final = 12_000
"""A member of more characters than this, as JSON, has a row of its own."""

Texts = Mapping[str, str]
"""The members of a state as JSON, by name; those that say nothing are not there."""

_NAMES: Final = frozenset(Dialogue.model_fields) - THIN


def texts_of(
    state: Dialogue, before: Dialogue | None = None, known: Texts | None = None
) -> Texts:
    """Give the members of a state as JSON; ``known`` are those of ``before``."""
    changed = {
        name
        for name in _NAMES
        if before is None or getattr(state, name) is not getattr(before, name)
    }
    made = state.model_dump(mode="json", include=changed)
    kept = {name: text for name, text in (known or {}).items() if name not in changed}
    return kept | {name: json.dumps(value) for name, value in made.items()}


def together(texts: Texts) -> str:
    """Give the small members, as one JSON object."""
    small = (f'"{name}": {text}' for name, text in texts.items() if not _large(text))
    return f"{{{', '.join(small)}}}"


def apart(texts: Texts, known: Texts | None) -> str | None:
    """Give the large members that changed, as ``read.put_parts`` takes them.

    ``known`` is what was written before; where it is None all there was goes. None
    comes back where nothing is to be done.
    """
    before = known or {}
    changed = [
        f'"{name}": {text}'
        for name, text in texts.items()
        if _large(text) and text != before.get(name)
    ]
    changed += [
        f'"{name}": null'
        for name, text in before.items()
        if _large(text) and not _large(texts.get(name, ""))
    ]
    if not changed and known is not None:
        return None
    whole = json.dumps(known is None)
    return f'{{"whole": {whole}, "parts": {{{", ".join(changed)}}}}}'


def _large(text: str) -> bool:
    return len(text) > LARGE
