"""What every page of a dialogue has above it: which one it is, how far, what is next.

The state is read once a page: `Head.view` is the dialogue as the desk looks at it, for
the page itself to go on with.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, NamedTuple

from api.security import Visit
from desk.in_words.mood import Mood
from desk.in_words.standings import STATUS, STATUS_MOOD
from desk.overview import Overview, overview
from domain.audiences import whole_window
from domain.state import Dialogue
from language import mark
from pages.ways import dialogue_path

_PAGES: Final = (
    ("overview", "", mark("Overview")),
    ("steps", "steps", mark("Steps")),
    ("windows", "windows", mark("Windows")),
    ("responses", "responses", mark("Responses")),
    ("people", "people", mark("People")),
    ("interests", "interests", mark("Interests")),
    ("meetings", "meetings", mark("Meetings")),
    ("agreements", "agreements", mark("Agreements")),
    ("reports", "reports", mark("Reports")),
    ("back", "back", mark("Back to a step")),
    ("history", "history", mark("History")),
)
"""The navigation of a dialogue: key of the area, its address, its name."""


class Place(NamedTuple):
    """One page of the navigation."""

    key: str
    href: str
    name: str


class Next(NamedTuple):
    """What comes first: a window that closes, or a date that has to be kept.

    ``closes`` is on the dialogue's wall clock, exclusive; ``days`` counts from the
    dialogue's today, working days for a window.
    """

    title: str
    href: str
    day: date
    days: int
    closes: datetime | None = None


class Head(NamedTuple):
    """The facts of `parts/dialogue.html`; ``title`` and ``question`` are public."""

    view: Overview
    status: str
    mood: Mood
    done: int
    total: int
    next: Next | None
    places: tuple[Place, ...]

    @property
    def stream(self) -> str:
        """The dialogue, as organisation:name."""
        return self.view.stream

    @property
    def state(self) -> Dialogue:
        """The dialogue's state."""
        return self.view.state

    @property
    def href(self) -> str:
        """The address of its overview."""
        return dialogue_path(self.stream)

    @property
    def content_lang(self) -> str:
        """The language in which titles and help of its method are given."""
        spoken, titles = self.state.plan.languages, self.view.titles
        return titles.lang if titles.lang in spoken else spoken[0]

    @property
    def phase(self) -> str:
        """The title of the phase that has work to do."""
        return self.view.titles.phase(self.view.phase)


async def dialogue_head(visit: Visit, dialogue: str) -> Head:
    """Give what stands above a dialogue's pages. Raises `NotFound`."""
    return head_of(await overview(visit.desk, dialogue, visit.lang))


def head_of(view: Overview) -> Head:
    """Give the head of a dialogue that was read already."""
    steps = [step for phase in view.phases for step in phase.steps]
    status = "suspended" if view.suspended else view.state.status
    places = (
        Place(key, dialogue_path(view.stream, *filter(None, (path,))), name)
        for key, path, name in _PAGES
    )
    return Head(
        view=view,
        status=STATUS[status],
        mood=STATUS_MOOD[status],
        done=sum(step.done for step in steps),
        total=sum(step.total for step in steps),
        next=next_date(view),
        places=tuple(places),
    )


def next_date(view: Overview) -> Next | None:
    """Give what falls due first: of windows whose time runs and dates to be kept."""
    if view.state.ended:
        return None
    found = [
        Next(
            window.title,
            dialogue_path(view.stream, "windows", whole_window(window.id)),
            window.due.last_day,
            window.due.working_days,
            window.due.closes,
        )
        for window in view.windows
        if window.due is not None and window.status == "open"
    ]
    found += [
        Next(d.title, dialogue_path(view.stream, "life"), d.date, d.days)
        for d in view.deadlines
        if d.days >= 0
    ]
    return min(found, key=lambda each: each.day, default=None)
