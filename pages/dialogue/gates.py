"""The gates of a step as forms: what each takes, what was counted, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from desk.gate_lines import gate_lines
from desk.in_words.gates import GATE, counted, takes
from desk.in_words.mood import Mood
from desk.overview import Overview
from domain.gates_standing import held
from domain.thresholds import Counts, Threshold, missing
from language import mark, translator
from language.speaking import speaking
from pages.dialogue.offers import Offer, Offers

FIELDS: Final[Mapping[str, str]] = {
    "in_favour": mark("How many in favour"),
    "against": mark("How many against"),
    "abstained": mark("How many abstained"),
    "entitled": mark("How many could have spoken"),
    "valid": mark("How many signatures are valid"),
}


class GateForm(NamedTuple):
    """A gate: how it stands, and what has to be counted to record its outcome."""

    id: str
    title: str
    word: str
    mood: Mood
    takes: str
    counted: str
    fields: tuple[tuple[str, str, bool], ...]
    """Name, label and whether it is needed, of each number that is asked."""
    offer: Offer


def gate_forms(view: Overview, offers: Offers, step: str, lang: str) -> list[GateForm]:
    """Give the gates of a step, in the order of the plan."""
    with speaking(lang):
        return [*_forms(view, offers, step, lang)]


def _forms(view: Overview, offers: Offers, step: str, lang: str) -> Iterator[GateForm]:
    state, _ = view.state, translator(lang)
    for line in gate_lines(state, view.titles, step):
        last, planned = held(state, line.id), state.plan.gates.get(line.id)
        known = planned or state.gates.get(line.id)
        threshold = known.threshold if known else None
        needed = {"in_favour", *_needed(threshold)}
        word, mood = GATE[line.standing]
        asked = [name for name in FIELDS if name in needed or name == "against"]
        # So many that they can all be so, whatever has to be counted.
        trial = {name: 9 if name == "entitled" else 1 for name in needed}
        yield GateForm(
            line.id,
            line.title,
            word,
            mood,
            takes(threshold) if threshold else "",
            counted(last.counts) if last else "",
            tuple((name, _(FIELDS[name]), name in needed) for name in asked),
            offers("record_gate", gate=line.id, counts=trial),
        )


def _needed(threshold: Threshold | None) -> tuple[str, ...]:
    return missing(threshold, Counts(in_favour=0)) if threshold else ()
