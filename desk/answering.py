"""What was done with what people said: responses with their answers, and coverage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from desk.answered import ResponseView, Words, seen, text_at
from desk.desk import Desk, Sender
from desk.entries import EntryRow, entries
from desk.history import private_words
from desk.titles import Titles
from domain.coverage import Coverage, coverage
from domain.response_numbers import bits_of

NO_WORDS: Final[Words] = {}


class AnswerView(NamedTuple):
    """An answer as it was given, and how many it reached; ``act`` as its row says.

    ``act`` is answered, left or carried; ``outcome`` is null for the last two.
    """

    seq: int
    at: str
    by: str
    act: str
    window: str
    title: str
    numbers: str
    group: str | None
    outcome: str | None
    reference: str | None
    reason: str | None
    told: int
    untold: int


class WindowCoverage(NamedTuple):
    """A window, and how many of its responses got what."""

    window: str
    title: str
    counts: Coverage


class Answers(NamedTuple):
    """Responses of a dialogue or a window, how many were answered, and each answer."""

    responses: tuple[ResponseView, ...]
    windows: tuple[WindowCoverage, ...]
    given: tuple[AnswerView, ...]
    zone: str = "UTC"
    """Of the dialogue: days and moments are told by its wall clock."""

    @property
    def total(self) -> Coverage:
        """All windows together."""
        found = Coverage(0, 0, 0, 0, 0, 0)
        for each_ in self.windows:
            found = found.plus(each_.counts)
        return found


def percent(part: int, whole: int) -> str:
    """Write a share in per cent with one decimal, never rounded up; 100 is all."""
    if not whole:
        return "100"
    tenths = 1000 * part // whole
    return "100" if part == whole else f"{tenths // 10}.{tenths % 10}"


async def answers(
    desk: Desk,
    stream: str,
    lang: str,
    *,
    window: str | None = None,
    reader: Sender | None = None,
) -> Answers:
    """Look up the responses of a dialogue, or of one window, with their answers.

    With a ``reader`` private texts are opened. Raises `NotFound`, and `Refused` for
    a reader who may not.
    """
    state = await desk.dialogue(stream)
    words = NO_WORDS
    if reader is not None:
        words = await private_words(desk, stream, state, reader)
    rows = {
        kind: await entries(desk, stream, kind)
        for kind in ("response", "answer", "telling")
    }
    titles = Titles(state.plan, lang)
    found = {
        name: titles.window(name)
        for name in state.windows
        if state.received(name) and window in {None, name}
    }
    return Answers(
        responses=tuple(
            view
            for name, title in found.items()
            for view in seen(state, name, title, rows, words)
        ),
        windows=tuple(
            WindowCoverage(name, title, coverage(state, name))
            for name, title in found.items()
        ),
        given=_given(rows, found, words),
        zone=state.zone,
    )


def _given(
    rows: Mapping[str, Sequence[EntryRow]],
    windows: Mapping[str, str],
    words: Words,
) -> tuple[AnswerView, ...]:
    """Give the answers in these windows, by title, in the order of the record."""
    heard = _heard(rows["telling"])
    return tuple(
        AnswerView(
            seq=row.seq,
            at=row.data["at"],
            by=row.data["by"],
            act=row.data["act"],
            window=row.data["window"],
            title=windows[row.data["window"]],
            numbers=row.data["numbers"],
            group=row.data.get("group"),
            outcome=row.data.get("outcome"),
            reference=row.data.get("reference"),
            reason=text_at(row.data.get("reason"), words),
            told=heard.get(row.seq, _NOBODY).told.bit_count(),
            untold=heard.get(row.seq, _NOBODY).untold.bit_count(),
        )
        for row in sorted(rows["answer"], key=lambda row: row.seq)
        if row.data["window"] in windows
    )


class _Heard(NamedTuple):
    told: int = 0
    untold: int = 0


_NOBODY: Final = _Heard()


def _heard(tellings: Iterable[EntryRow]) -> dict[int, _Heard]:
    """Give who was told, and who was not, in the end: by the seq of the answer."""
    found: dict[int, _Heard] = {}
    for row in tellings:
        answer = int(row.data["answer"])
        told, untold = (
            bits_of(row.data[name]) if row.data.get(name) else 0
            for name in ("told", "untold")
        )
        before = found.get(answer, _NOBODY)
        reached = before.told | told
        found[answer] = _Heard(reached, (before.untold | untold) & ~reached)
    return found


def document(view: ResponseView) -> dict[str, Any]:
    """Write a response as JSON; what was not opened is left out."""
    answers_ = [
        {k: v for k, v in one._asdict().items() if k != "reason" or v is not None}
        for one in view.answers
    ]
    rest = view._asdict() | {"groups": list(view.groups), "answers": answers_}
    return {k: v for k, v in rest.items() if k != "text" or v is not None}


def counted(counts: Coverage) -> dict[str, Any]:
    """Write coverage as JSON: exact counts, and per cent of all responses."""
    return {
        "total": counts.total,
        "answered": counts.answered,
        "adopted": counts.adopted,
        "partly": counts.partly,
        "not": counts.rejected,
        "left": counts.left,
        "waiting": counts.waiting,
        "percent": percent(counts.answered, counts.total),
    }
