"""What the pages about responses show, read off the state: nothing is fetched here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlencode

from desk.titles import Titles
from desk.triage import PAGE, SORTS, Sort, as_sort, chosen
from domain.coverage import Coverage, coverage, ledger_of
from domain.ledger_facts import Group
from domain.reporting import in_the_way
from domain.response_numbers import each, span, written
from domain.state import Dialogue
from pages.naming import slug
from pages.typing_in import number_in
from pages.ways import dialogue_path

_LONGEST: Final = 40
_NAMED: Final = 20
"""So many numbers are links of their own; more are told as ranges."""


class Filters(NamedTuple):
    """What somebody looks for: a window, a sort, a group, a text; and which page."""

    window: str
    sort: Sort
    group: str | None
    text: str
    first: int = 0
    after: int = 0

    def bits(self, state: Dialogue) -> int:
        """Give the numbers of the responses that are looked for, but for the text."""
        return chosen(state, self.window, self.sort, self.group)

    def query(self, **changes: object) -> str:
        """Write them as the end of an address, with changes."""
        told: dict[str, object] = {
            "window": self.window,
            "show": self.sort,
            "group": self.group,
            "q": self.text,
            **changes,
        }
        return urlencode({name: value for name, value in told.items() if value})


def filters(state: Dialogue, asked: Mapping[str, str]) -> Filters:
    """Read what somebody looks for; where they say nothing, what waits longest."""
    known = windows_with(state)
    window = asked.get("window") or _most_waiting(state, known)
    waits = bool(window in known and chosen(state, window, "waiting"))
    sort = as_sort(asked.get("show") or ("waiting" if waits else "all"))
    return Filters(
        window=window,
        sort=sort,
        group=asked.get("group") or None,
        text=(asked.get("q") or "").strip()[:200],
        first=_number(asked.get("from")),
        after=_number(asked.get("after")),
    )


def windows_with(state: Dialogue) -> list[str]:
    """Give the windows in which something was said, in the order of the plan."""
    return [name for name in state.windows if state.received(name)]


def _most_waiting(state: Dialogue, known: list[str]) -> str:
    counts = {name: chosen(state, name, "waiting").bit_count() for name in known}
    return max(known, key=lambda name: counts[name], default="")


def _number(text: str | None) -> int:
    return number_in(text or "") or 0


class Part(NamedTuple):
    """A part of all responses to a window: its name, how many, and where it lies."""

    name: str
    size: int
    x: float
    width: float


class WindowLine(NamedTuple):
    """A window with how much of what was said in it got an answer."""

    id: str
    title: str
    counts: Coverage
    late: int
    untold: int
    href: str
    parts: tuple[Part, ...]


def window_lines(stream: str, state: Dialogue, lang: str) -> list[WindowLine]:
    """Give the windows in which something was said."""
    titles = Titles(state.plan, lang)
    return [_line(stream, state, titles, name) for name in windows_with(state)]


def _line(stream: str, state: Dialogue, titles: Titles, name: str) -> WindowLine:
    counts = coverage(state, name)
    query = urlencode({"window": name})
    return WindowLine(
        id=name,
        title=titles.window(name),
        counts=counts,
        late=chosen(state, name, "late").bit_count(),
        untold=chosen(state, name, "untold").bit_count(),
        href=f"{dialogue_path(stream, 'responses')}?{query}",
        parts=tuple(_parts(counts)),
    )


def _parts(counts: Coverage) -> Iterator[Part]:
    """Lay the parts side by side, in hundredths of the whole."""
    x = 0.0
    told = {
        "adopted": counts.adopted,
        "partly": counts.partly,
        "not": counts.rejected,
        "left": counts.left,
        "waiting": counts.waiting,
    }
    for name, count in told.items():
        width = round(100 * count / counts.total, 3) if counts.total else 0.0
        if count:
            yield Part(name, count, round(x, 3), width)
        x += width


class SortLine(NamedTuple):
    """What can be looked for, with how many there are."""

    name: Sort
    size: int


def sort_lines(state: Dialogue, window: str) -> list[SortLine]:
    """Give the sorts of which there is a response, and what waits in any case."""
    counts = {sort: chosen(state, window, sort).bit_count() for sort in SORTS}
    order: tuple[Sort, ...] = ("waiting", *(s for s in SORTS if s != "waiting"))
    return [
        SortLine(sort, counts[sort])
        for sort in order
        if counts[sort] or sort in {"waiting", "all"}
    ]


class GroupLine(NamedTuple):
    """A group of responses: its title, why it is one, and what became of it."""

    id: str
    title: str
    because: str
    size: int
    outcome: str | None


def group_lines(
    state: Dialogue, window: str, titles: Mapping[str, str]
) -> list[GroupLine]:
    """Give the groups of a window: those that wait first. ``titles`` are on record."""
    groups: Mapping[str, Group] = ledger_of(state, window).groups
    found = [
        GroupLine(
            name,
            titles.get(name) or name,
            group.because,
            group.numbers.bit_count(),
            group.outcome,
        )
        for name, group in groups.items()
    ]
    return sorted(found, key=lambda group: (group.outcome is not None, -group.size))


class Obstacle(NamedTuple):
    """Responses to a window that keep a draft report from becoming final."""

    window: str
    title: str
    size: int
    numbers: tuple[int, ...]
    more: str
    """The numbers that are not named one by one, as ranges."""


class DraftLine(NamedTuple):
    """A draft report, and which responses stand in the way of a final one."""

    id: str
    title: str
    obstacles: tuple[Obstacle, ...]

    @property
    def waiting(self) -> int:
        """How many responses that are."""
        return sum(one.size for one in self.obstacles)


def draft_lines(state: Dialogue, lang: str) -> list[DraftLine]:
    """Give the draft reports that stand, with exactly what is in the way of each."""
    titles = Titles(state.plan, lang)
    return [
        DraftLine(name, report.title or name, tuple(_obstacles(state, titles, name)))
        for name, report in state.harvest.reports.items()
        if report.status == "draft" and report.superseded_by is None
    ]


def _obstacles(state: Dialogue, titles: Titles, report: str) -> Iterator[Obstacle]:
    for window, bits in in_the_way(state, report).items():
        first = _first(bits, _NAMED)
        yield Obstacle(
            window,
            titles.window(window),
            bits.bit_count(),
            tuple(each(first)),
            written(bits & ~first),
        )


def _first(bits: int, count: int) -> int:
    found = 0
    for number in each(bits):
        if count == 0:
            break
        found |= 1 << number
        count -= 1
    return found


def pages_of(shown: Filters, among: int) -> tuple[int | None, int | None]:
    """Say where the page before and the page after begin, if there are any."""
    first = min(shown.first, max(among - 1, 0))
    before = max(first - PAGE, 0) if first else None
    after = first + PAGE if first + PAGE < among else None
    return before, after


def next_waiting(state: Dialogue, window: str, after: int) -> int | None:
    """Give the next response that waits, after a number or from the first on."""
    bits = chosen(state, window, "waiting")
    later = bits & ~span(0, after)
    return next(each(later or bits), None)


def group_id(state: Dialogue, title: str | None, window: str) -> str:
    """Make an id for a new group: of its title, and of no other group."""
    start = slug(title or "", _LONGEST) or slug(window.partition(".")[2], _LONGEST)
    start = start or "groep"
    taken = {name for ledger in state.ledgers.values() for name in ledger.groups}
    names = (start, *(f"{start}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
