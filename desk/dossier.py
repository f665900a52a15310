"""What a file on a dialogue holds beside its steps: gates, corrections, and facts.

Each with everything that was ever recorded of it, side by side: nothing that was held,
corrected or contradicted takes the place of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from desk.desk import Desk, Sender
from desk.entries import EntryRow, entries
from desk.entries import opened as with_texts
from desk.gate_lines import gate_title
from desk.titles import Titles
from domain.entries import Kind
from domain.gates_standing import Standing, gates_of, held, standing
from domain.happenings import Happened
from domain.method import Gate
from domain.state import Dialogue
from domain.thresholds import Counts, Threshold, needed


class Holding(NamedTuple):
    """One time that a gate was held, as recorded."""

    seq: int
    round: int
    passed: bool
    counts: Counts
    at: str
    by: str
    reference: str | None
    reason: str | None
    """Where it was opened for the reader."""
    corrections: tuple[CorrectionView, ...] = ()


class GateView(NamedTuple):
    """A gate of a step: what it takes, how it stands, and each time it was held."""

    id: str
    title: str
    step: str
    kind: str
    takes: Threshold
    standing: Standing
    counts: Counts | None
    """Those that hold in this round, as corrected."""
    needed: int | None
    """How many in favour would do, where that can be said."""
    role: str | None
    planned: bool
    holdings: tuple[Holding, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The gate as JSON."""
        return {
            **{n: getattr(self, n) for n in ("id", "title", "step", "kind")},
            "threshold": self.takes.model_dump(mode="json", exclude_defaults=True),
            "standing": self.standing,
            "counts": _told(self.counts),
            "needed": self.needed,
            "role": self.role,
            "planned": self.planned,
            "holdings": [
                {
                    **each._asdict(),
                    "counts": _told(each.counts),
                    "corrections": [c._asdict() for c in each.corrections],
                }
                for each in self.holdings
            ],
        }


def _told(counts: Counts | None) -> dict[str, int] | None:
    return counts.model_dump(exclude_none=True) if counts else None


async def gates(
    desk: Desk, stream: str, lang: str, reader: Sender | None = None
) -> list[GateView]:
    """Give every gate, in the order of the plan; reasons for a reader who may."""
    state = await desk.dialogue(stream)
    rows = await listed(desk, stream, "gate", reader)
    corrected = await corrections(desk, stream, reader)
    return list(views(state, rows, lang, corrected))


def views(
    state: Dialogue,
    rows: Iterable[EntryRow],
    lang: str,
    corrected: Iterable[CorrectionView] = (),
) -> Iterator[GateView]:
    """Look at the gates of a dialogue whose state is at hand."""
    titles = Titles(state.plan, lang)
    later = [*corrected]
    every = [(row, _holding(row, later)) for row in rows]
    for step in state.plan.all_steps():
        planned = {f"{step.id}.{gate.id}": gate for gate in step.gates}
        for name in gates_of(state, step.id):
            mine = [found for row, found in every if row.data["gate"] == name]
            yield _view(state, titles, name, planned.get(name), mine)


def _view(
    state: Dialogue,
    titles: Titles,
    name: str,
    planned: Gate | None,
    holdings: Iterable[Holding],
) -> GateView:
    last = held(state, name)
    known = planned or state.gates[name]
    counts = last.counts if last else None
    return GateView(
        id=name,
        title=gate_title(state, titles, name),
        step=name.partition(".")[0],
        kind=known.kind,
        takes=known.threshold,
        standing=standing(state, name),
        counts=counts,
        needed=needed(known.threshold, counts or Counts(in_favour=0)),
        role=planned.role if planned else None,
        planned=planned is not None,
        holdings=tuple(holdings),
    )


def _holding(row: EntryRow, later: Iterable[CorrectionView]) -> Holding:
    data = row.data
    return Holding(
        seq=row.seq,
        round=data["round"],
        passed=data["outcome"] == "passed",
        counts=Counts.model_validate(data["counts"]),
        at=data["at"],
        by=data["by_actor"],
        reference=data.get("reference"),
        reason=opened(data.get("reason")),
        corrections=tuple(each for each in later if each.corrects == row.seq),
    )


async def listed(
    desk: Desk, stream: str, kind: Kind, reader: Sender | None = None
) -> list[EntryRow]:
    """Give one list in the order of its events; texts for a reader who may."""
    rows = sorted(await entries(desk, stream, kind), key=lambda row: row.seq)
    return rows if reader is None else await with_texts(desk, stream, rows, reader)


def opened(value: object) -> str | None:
    """Give a private text if it was opened for the reader."""
    return value if isinstance(value, str) else None


class CorrectionView(NamedTuple):
    """A correction: what was held, what is held from now on, and on what ground."""

    seq: int
    corrects: int
    type: str
    pointer: str
    was: int | str
    value: int | str
    source: str | None
    at: str
    by: str
    reason: str | None


async def corrections(
    desk: Desk, stream: str, reader: Sender | None = None
) -> list[CorrectionView]:
    """Give the corrections in the order in which they were made."""
    rows = await listed(desk, stream, "correction", reader)
    return [
        CorrectionView(
            seq=row.seq,
            corrects=row.data["seq"],
            type=row.data["type"],
            pointer=row.data["pointer"],
            was=row.data["was"],
            value=row.data["value"],
            source=row.data.get("source"),
            at=row.data["at"],
            by=row.data["by_actor"],
            reason=opened(row.data.get("reason")),
        )
        for row in rows
    ]


class FactView(NamedTuple):
    """A fact noted afterwards. ``value`` is as corrected, ``first`` as it was noted."""

    seq: int
    type: str
    value: str
    first: str
    happened: str
    precision: str
    until: str | None
    source: str
    known_on: str | None
    certainty: str
    status: str
    step: str | None
    at: str
    """When it was recorded, by the dialogue's clock."""

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day on which it can have been."""
        when = Happened(date=self.happened, until=self.until)
        return when.first, when.last


class Topic(NamedTuple):
    """Facts of one type, in the order in which they happened."""

    type: str
    facts: tuple[FactView, ...]

    @property
    def contradicted(self) -> bool:
        """Whether sources say different things of one time, or somebody noted so."""
        if any(each.certainty == "conflicting" for each in self.facts):
            return True
        return any(
            one.value != other.value
            and one.status == other.status
            and one.span[0] <= other.span[1]
            and other.span[0] <= one.span[1]
            for one, other in combinations(self.facts, 2)
        )


async def facts(desk: Desk, stream: str) -> list[Topic]:
    """Give the facts by type, types in the order in which they were first noted."""
    rows = await listed(desk, stream, "fact")
    now = {
        (each.corrects, each.pointer): str(each.value)
        for each in await corrections(desk, stream)
    }
    topics: dict[str, list[FactView]] = {}
    for row in rows:
        fact = _fact(row, now)
        topics.setdefault(fact.type, []).append(fact)
    return [
        Topic(name, tuple(sorted(found, key=lambda f: (f.happened, f.seq))))
        for name, found in topics.items()
    ]


def _fact(row: EntryRow, corrected: Mapping[tuple[int, str], str]) -> FactView:
    data = row.data
    happened = data["happened"]
    return FactView(
        seq=row.seq,
        type=data["type"],
        value=corrected.get((row.seq, "/value"), data["value"]),
        first=data["value"],
        happened=corrected.get((row.seq, "/happened/date"), happened["date"]),
        precision=happened["precision"],
        until=happened.get("until"),
        source=data["source"],
        known_on=data.get("known_on"),
        certainty=data["certainty"],
        status=data["status"],
        step=data.get("step"),
        at=data["at"],
    )
