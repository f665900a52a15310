"""Which answers a response has, and had: read off the rows of the record, in order.

An answer to the response itself takes the place of all before it, one to a group that
of the same group, and whatever is carried to a new round begins anew. Earlier answers
stay to be seen. That this agrees with the ledger of the core is for a test to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from desk.entries import EntryRow
from domain.coverage import earlier_rounds, ledger_of, outcomes, waiting
from domain.response_numbers import bits_of, each, together
from domain.state import Dialogue

Words = Mapping[tuple[int, str], str]
"""Private texts that were opened, by event and pointer."""

Standing = Literal["adopted", "partly", "not", "left", "waiting"]
"""What became of a response."""


class Given(NamedTuple):
    """An answer that a response has, or had; ``outcome`` is null where it was left.

    ``holds`` is false where another answer took its place, or the response was carried
    to a new round. ``reason`` is there for whoever may read it.
    """

    seq: int
    at: str
    by: str
    outcome: str | None
    reference: str | None
    group: str | None
    reason: str | None
    holds: bool = True


class ResponseView(NamedTuple):
    """A response with what was done with it.

    ``earlier``: it was given in a round that no longer stands, and was not carried.
    ``told``: whether the respondent got the answer that holds; null where no message
    has gone out yet.
    """

    window: str
    title: str
    number: int
    round: int
    run: int
    respondent: str
    received: str
    late: bool
    supplements: int | None
    channel: str | None
    reference: str | None
    text: str | None
    groups: tuple[str, ...]
    standing: Standing
    earlier: bool
    told: bool | None
    answers: tuple[Given, ...]


def seen(
    state: Dialogue,
    window: str,
    title: str,
    rows: Mapping[str, Sequence[EntryRow]],
    words: Words,
) -> list[ResponseView]:
    """Give the responses to a window, by number, from the rows of the record.

    ``rows`` has the responses that are looked at, and what bears on them at least.
    """
    mine = {
        kind: [row for row in found if row.data["window"] == window]
        for kind, found in rows.items()
    }
    given = sorted(mine["response"], key=lambda row: row.data["number"])
    # Of 20,000 responses a page shows some: of no others anything is worked out.
    among = together(1 << int(row.data["number"]) for row in given)
    history = _History(mine["answer"], mine["telling"], words, among)
    standing = _standing(state, window, among)
    earlier = set(each(earlier_rounds(ledger_of(state, window)) & among))
    groups = _groups(state, window, among)
    return [
        _view(row, title, history, standing, earlier, groups, words) for row in given
    ]


def _view(  # noqa: PLR0917  (what is known of a window's responses, looked up once)
    row: EntryRow,
    title: str,
    history: _History,
    standing: Mapping[int, Standing],
    earlier: set[int],
    groups: Mapping[int, tuple[str, ...]],
    words: Words,
) -> ResponseView:
    data = row.data
    number = int(data["number"])
    return ResponseView(
        window=data["window"],
        title=title,
        number=number,
        round=data["round"],
        run=data["run"],
        respondent=data["respondent"],
        received=data["received_at"],
        late=data["late"],
        supplements=data.get("supplements"),
        channel=data.get("channel"),
        reference=data.get("reference"),
        text=text_at(data.get("response"), words),
        groups=groups.get(number, ()),
        standing=standing.get(number, "waiting"),
        earlier=number in earlier,
        told=history.told(number),
        answers=history.of(number),
    )


class _History:
    """Answers in the order of the record, by the number of the response."""

    def __init__(
        self,
        answers: Iterable[EntryRow],
        tellings: Iterable[EntryRow],
        words: Words,
        among: int,
    ) -> None:
        self._among = among
        self._given: dict[int, list[Given]] = {}
        for row in sorted(answers, key=lambda row: row.seq):
            self._take(row, words)
        self._told: dict[tuple[int, int], bool] = {}
        for row in tellings:
            for name, heard in (("untold", False), ("told", True)):
                for number in self._numbers(row.data.get(name)):
                    self._told[row.data["answer"], number] = heard

    def _take(self, row: EntryRow, words: Words) -> None:
        data = row.data
        one = Given(
            seq=row.seq,
            at=data["at"],
            by=data["by"],
            outcome=data.get("outcome"),
            reference=data.get("reference"),
            group=data.get("group"),
            reason=text_at(data.get("reason"), words),
        )
        for number in self._numbers(data["numbers"]):
            before = self._given.setdefault(number, [])
            before[:] = [
                old._replace(holds=old.holds and not _replaced(old, one, data["act"]))
                for old in before
            ]
            if data["act"] != "carried":
                before.append(one)

    def _numbers(self, text: str | None) -> Iterable[int]:
        return each(bits_of(text) & self._among) if text else ()

    def of(self, number: int) -> tuple[Given, ...]:
        """Give the answers of a response, the first one first."""
        return tuple(self._given.get(number, ()))

    def told(self, number: int) -> bool | None:
        """Say whether the respondent heard all answers that hold."""
        holding = [one.seq for one in self.of(number) if one.holds and one.outcome]
        heard = [self._told.get((seq, number)) for seq in holding]
        if not heard or None in heard:
            return None
        return all(heard)


def _replaced(old: Given, new: Given, act: str) -> bool:
    """Whether an answer no longer holds once another is given."""
    if act == "carried" or new.group is None:
        return True
    return old.outcome is None or old.group == new.group


def text_at(place: object, words: Words) -> str | None:
    """Give the private text at a place, where it was opened."""
    match place:
        case {"private": str(pointer), "seq": int(seq)}:
            return words.get((seq, pointer))
        case _:
            return None


def _standing(state: Dialogue, window: str, among: int) -> dict[int, Standing]:
    ledger = ledger_of(state, window)
    found: dict[int, Standing] = dict.fromkeys(each(ledger.left & among), "left")
    for name, bits in outcomes(ledger).by_name().items():
        found.update(dict.fromkeys(each(bits & among), name))
    found.update(dict.fromkeys(each(waiting(state, window) & among), "waiting"))
    return found


def _groups(state: Dialogue, window: str, among: int) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for name, group in ledger_of(state, window).groups.items():
        for number in each(group.numbers & among):
            found[number] = (*found.get(number, ()), name)
    return found
