"""Twenty thousand responses are a few numbers held as bits: sifted first, fetched last.

Which responses wait, came late, are in a group or got which answer the state knows by
number. So a page of any list is a handful of rows by name, whatever was chosen. Only
what somebody looks for in the texts has to be read: some at a time, and on record.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final, Literal, NamedTuple, get_args

from desk.answered import ResponseView, seen
from desk.desk import Desk, Sender
from desk.entries import EntryRow
from desk.readers import may
from desk.reads import note
from desk.response_rows import answers_of, named, telling_of
from desk.texts_at import places_in, texts_at
from desk.titles import Titles
from domain.coverage import earlier_rounds, ledger_of, outcomes, received, waiting
from domain.facts import Place
from domain.numbers import bits as bits_in
from domain.response_numbers import (
    bits_of,
    each,
    runs_of,
    shared_out,
    span,
    together,
)
from domain.state import Dialogue

Sort = Literal[
    "all", "waiting", "late", "adopted", "partly", "not", "left", "untold", "earlier"
]
"""What is looked for among responses; see `chosen`."""

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
PAGE: Final = 25
"""How many responses a page shows."""

_AT_ONCE: Final = 500
_PATIENCE: Final = 1.0
"""Seconds after which a look through texts stops, and says how far it got."""

_WHAT: Final = "list"


class Looked(NamedTuple):
    """Some responses, and in which of them was looked.

    ``among`` is how many there are of the sort; ``reached`` the number up to which
    texts were looked through, None where all were.
    """

    responses: tuple[ResponseView, ...]
    among: int
    reached: int | None = None


class Alike(NamedTuple):
    """Responses that say the same, but for capitals, spaces and a full stop."""

    numbers: int
    """As bits."""
    text: str

    @property
    def times(self) -> int:
        """How many they are."""
        return self.numbers.bit_count()


def chosen(
    state: Dialogue, window: str, sort: Sort = "all", group: str | None = None
) -> int:
    """Give the numbers of the responses of a sort, or of a group, as bits."""
    ledger, every = ledger_of(state, window), received(state, window)
    match sort:
        case "all":
            found = every
        case "waiting":
            found = waiting(state, window)
        case "late":
            found = late(state, window)
        case "left":
            found = ledger.left & ~outcomes(ledger).answered
        case "untold":
            found = together(one.numbers for one in ledger.untold.values())
        case "earlier":
            found = earlier_rounds(ledger)
        case _:
            found = outcomes(ledger).by_name()[sort]
    if group is not None:
        known = ledger.groups.get(group)
        found &= known.numbers if known else 0
    return found & every


def late(state: Dialogue, window: str) -> int:
    """Give the responses that came late, as bits."""
    return together(bits_in(run.late_ones) for run in state.windows.get(window, ()))


class Reader(NamedTuple):
    """Who looks at the responses of one dialogue, and in which language.

    ``opens`` is false for who may not read what people said, and sees all else.
    """

    desk: Desk
    stream: str
    state: Dialogue
    who: str
    lang: str
    opens: bool = True

    async def page(self, window: str, bits: int, first: int = 0) -> Looked:
        """Give a page of these responses, from the ``first`` of them on, with texts.

        That the texts were read is on record before they are here. Raises `Refused`
        for somebody to whom this dialogue opens nothing.
        """
        here = page_of(bits, first, PAGE)
        return Looked(await self.views(window, here), bits.bit_count())

    async def views(self, window: str, bits: int) -> tuple[ResponseView, ...]:
        """Give these responses with their texts and answers."""
        rows = await self._rows(window, bits)
        answers = await answers_of(self.desk, self.stream, [window])
        theirs = [row for row in answers if bits_of(row.data["numbers"]) & bits]
        tellings = await telling_of(self.desk, self.stream, [window])
        every = [*rows, *theirs]
        words = await self._words([place for r in every for place in _places(r)])
        title = Titles(self.state.plan, self.lang).window(window)
        kinds = {"response": rows, "answer": theirs, "telling": tellings}
        found = seen(self.state, window, title, kinds, words)
        return tuple(found)

    async def search(
        self, window: str, bits: int, wanted: str, after: int = 0
    ) -> Looked:
        """Give the next responses, after a number, in whose text this stands."""
        needle, hits, reached = _plain(wanted), 0, None
        async for numbers in self._texts(window, bits & ~span(0, after)):
            for number, text in numbers.items():
                if needle in _plain(text) and hits.bit_count() <= PAGE:
                    hits |= 1 << number
            reached = max(numbers)
            if hits.bit_count() > PAGE:
                break
        else:
            last = bits.bit_length() - 1
            reached = None if reached in {None, last} else reached
        if hits.bit_count() > PAGE:
            *_, over = each(hits)
            hits &= ~(1 << over)
            reached = max(each(hits))
        return Looked(await self.views(window, hits), bits.bit_count(), reached)

    async def alike(self, window: str, bits: int) -> tuple[list[Alike], int | None]:
        """Find responses that say the same, the most frequent first.

        With the number up to which was looked, None where that is to the end.
        """
        found: dict[bytes, Alike] = {}
        reached = 0
        async for numbers in self._texts(window, bits, patience=4 * _PATIENCE):
            for number, text in numbers.items():
                key = sha256(_plain(text).encode()).digest()
                known = found.setdefault(key, Alike(0, text))
                found[key] = known._replace(numbers=known.numbers | 1 << number)
            reached = max(numbers)
        same = sorted((one for one in found.values() if one.times > 1), key=_often)
        return same, None if reached >= bits.bit_length() - 1 else reached

    async def _texts(
        self, window: str, bits: int, patience: float = _PATIENCE
    ) -> AsyncIterator[dict[int, str]]:
        """Open texts some at a time, by number, for as long as there is patience."""
        until = time.monotonic() + patience
        for some in shared_out(bits, _AT_ONCE):
            rows = await self._rows(window, some)
            words = await self._words([p for row in rows for p in _places(row)])
            by_number = {int(row.data["number"]): _text(row, words) for row in rows}
            if by_number:
                yield by_number
            if time.monotonic() > until:
                return

    async def _rows(self, window: str, bits: int) -> Sequence[EntryRow]:
        return await named(self.desk, self.stream, window, each(bits))

    async def _words(self, places: Iterable[Place]) -> Mapping[Place, str]:
        wanted = set(places)
        if not wanted or not self.opens:
            return {}
        allowed = may(self.state, Sender(self.who))
        rows, filters = len({seq for seq, _ in wanted}), {"list": "responses"}
        await note(
            self.desk, self.who, _WHAT, self.stream, filters, rows=rows, opened=True
        )
        return await texts_at(self.desk, self.stream, self.state, wanted, allowed)


def _places(row: EntryRow) -> list[Place]:
    """Give where the words of a response, or the reason of an answer, lie."""
    data = {name: row.data.get(name) for name in ("response", "reason")}
    return list(places_in(data))


def _text(row: EntryRow, words: Mapping[Place, str]) -> str:
    return next((words[place] for place in _places(row) if place in words), "")


def page_of(bits: int, first: int, count: int) -> int:
    """Give so many of these numbers, without the ``first`` of them."""
    found = 0
    for low, high in runs_of(bits):
        size = high - low + 1
        if size <= first:
            first -= size
            continue
        start = low + first
        found |= span(start, min(high, start + count - 1))
        count -= min(high, start + count - 1) - start + 1
        first = 0
        if not count:
            break
    return found


def _plain(text: str) -> str:
    """Write a text so that what says the same is the same."""
    return " ".join(text.casefold().split()).rstrip(".!")


def _often(one: Alike) -> tuple[int, int]:
    return -one.times, one.numbers & -one.numbers


def as_sort(text: str | None) -> Sort:
    """Read a sort; all where it is none."""
    return text if text in SORTS else "all"
