"""The state of a dialogue: what decisions need, and nothing else.

Texts, documents and personal data stay outside; references and ids stand for them.
Rounds of a step and runs of a window lie side by side, the last one being current.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import Field

from domain.calendar import Calendar
from domain.clock import Clock
from domain.commands import Deadline
from domain.facts import Fact, Instant, absent
from domain.gates_facts import GateState
from domain.handled import Handled, HandledField
from domain.harvest_state import Harvest
from domain.interest_facts import RelationKind
from domain.ledger_facts import Ledger
from domain.meeting_facts import Meeting
from domain.method import Language, Method
from domain.owed import Compensation, Effect
from domain.people_register_facts import StakeholderField
from domain.plan_applying import amended
from domain.plan_facts import Amendment, Track
from domain.references import MethodRef
from domain.reflection_facts import Reflection


def _unsaid(value: object) -> bool:
    return not value


def _not_reflected(value: object) -> bool:
    return value == Reflection()


Outcome = Literal["completed", "waived"]


class Mark(Fact):
    """What became of an item, by whom, when and in which event. No mark means: open.

    ``was`` is what an item that has to be reconfirmed was before a revisit;
    ``reconfirmed`` is the event that let it stand.
    """

    status: Outcome | Literal["to_reconfirm"]
    by: str
    at: Instant
    seq: int
    was: Outcome | None = None
    reconfirmed: int | None = None

    @property
    def stands_since(self) -> int:
        """The event since which this holds."""
        return self.reconfirmed or self.seq


StepStatus = Literal["started", "completed", "skipped", "voided"]


class Round(Fact):
    """One round of a step.

    ``voided`` as status is a round that waits to be started again, after the round
    before it was voided by a revisit (whose seq that earlier round holds).
    """

    number: int
    status: StepStatus
    marks: dict[str, Mark] = {}
    since: int
    ended: int | None = None
    voided_by: int | None = None

    @property
    def to_reconfirm(self) -> tuple[str, ...]:
        """The items that an earlier round completed or waived, and that wait."""
        marks = self.marks.items()
        return tuple(name for name, mark in marks if mark.status == "to_reconfirm")


WindowStatus = Literal["open", "closed", "voided"]


class WindowRun(Fact):
    """One opening of a window: open in [opened, closes).

    While the dialogue is paused it does not run, whatever ``closes`` says.
    ``responded`` names respondents of invited audiences only; for the public there are
    counts. ``released`` are those who were invited and have lost the role since: they
    get no more messages, except one that takes back what they were told.
    ``late_ones`` are the numbers of responses that were late, and ``used`` those of
    them that count all the same, as `domain.numbers` packs them.
    """

    run: int
    round: int
    status: WindowStatus
    audience: str
    invited: tuple[str, ...]
    released: tuple[str, ...] = ()
    opened: Instant
    closes: Instant
    generation: int = 1
    reminders: tuple[Instant, ...] = ()
    on_time: int = 0
    late: int = 0
    responded: tuple[str, ...] = ()
    late_ones: str = Field(default="", exclude_if=_unsaid)
    used: str = Field(default="", exclude_if=_unsaid)
    seq: int

    @property
    def present(self) -> tuple[str, ...]:
        """Those invited who still have the role."""
        return tuple(who for who in self.invited if who not in self.released)

    @property
    def silent(self) -> tuple[str, ...]:
        """Those present who have not responded."""
        return tuple(who for who in self.present if who not in self.responded)


DialogueStatus = Literal["running", "paused", "completed", "cancelled", "archived"]


class Dialogue(Fact):
    """The whole state of one dialogue.

    ``unreachable`` are the holders of roles whom the last message did not reach.
    ``interests`` gives the stakeholder of each interest, ``relations`` how two bear on
    each other, by their pair. ``kinds`` are those of stakeholders so far,
    ``project_phases`` phases with a title of their own.
    ``suspended`` are the suspensions of the organisation that hold its windows;
    ``paused_too`` says that beside them it was paused by itself. ``plan`` is the method
    with the ``amendments``; ``tracks`` are the copies of steps in it.
    ``desk_keys`` are the public keys, by their ids, whose signatures are believed, and
    ``unsigned`` the kinds of command that are taken without one: null is every kind.
    """

    organisation: str
    title: str
    question: str | None
    language: Language
    zone: str
    status: DialogueStatus
    started: Instant
    paused_at: Instant | None = None
    suspended: tuple[str, ...] = Field(default=(), exclude_if=_unsaid)
    paused_too: bool = Field(default=False, exclude_if=_unsaid)
    method: MethodRef
    plan: Method
    calendar: Calendar
    clock: Clock
    roles: dict[str, tuple[str, ...]]
    deadlines: tuple[Deadline, ...]
    unreachable: tuple[str, ...] = ()
    steps: dict[str, tuple[Round, ...]] = {}
    windows: dict[str, tuple[WindowRun, ...]] = {}
    ledgers: dict[str, Ledger] = {}
    effects: dict[str, Effect] = {}
    compensations: dict[str, Compensation] = {}
    meetings: dict[str, Meeting] = Field(default={}, exclude_if=_unsaid)
    harvest: Harvest = Harvest()
    amendments: tuple[Amendment, ...] = Field(default=(), exclude_if=_unsaid)
    tracks: dict[str, Track] = Field(default={}, exclude_if=_unsaid)
    gates: dict[str, GateState] = Field(default={}, exclude_if=_unsaid)
    confidential: dict[str, tuple[str, ...]] = Field(default={}, exclude_if=_unsaid)
    reflection: Reflection = Field(default=Reflection(), exclude_if=_not_reflected)
    stakeholders: dict[str, StakeholderField] = Field(default={}, exclude_if=_unsaid)
    kinds: tuple[str, ...] = Field(default=(), exclude_if=_unsaid)
    project_phases: dict[str, str] = Field(default={}, exclude_if=_unsaid)
    interests: dict[str, str] = Field(default={}, exclude_if=_unsaid)
    relations: dict[str, RelationKind] = Field(default={}, exclude_if=_unsaid)
    desk_keys: dict[str, str] = Field(default={}, exclude_if=_unsaid)
    unsigned: tuple[str, ...] | None = Field(default=None, exclude_if=absent)
    signals: int = 0
    refused: int = 0
    version: int = 0
    handled: HandledField = Handled()

    def but(self, **changes: Any) -> Dialogue:  # noqa: ANN401 (any member)
        """Give this state with some members changed."""
        return self.model_copy(update=changes)

    def round(self, step: str) -> Round | None:
        """Give the current round of a step; none when it was never started."""
        rounds = self.steps.get(step)
        return rounds[-1] if rounds else None

    def open_items(self, step: str) -> tuple[str, ...]:
        """Give the items of a step that nothing became of yet in its current round."""
        current, known = self.round(step), self.plan.steps.get(step)
        marks = current.marks if current else {}
        names = (f"{step}.{item.id}" for item in (known.items if known else ()))
        return tuple(name for name in names if name not in marks)

    def run(self, window: str) -> WindowRun | None:
        """Give the current run of a window; none when it was never opened."""
        runs = self.windows.get(window)
        return runs[-1] if runs else None

    def received(self, window: str) -> int:
        """Count the responses to a window, over all its openings.

        After a response was recorded this is its number.
        """
        return sum(run.on_time + run.late for run in self.windows.get(window, ()))

    def open_windows(self) -> dict[str, WindowRun]:
        """Give the windows that are open, by their full id."""
        current = ((name, runs[-1]) for name, runs in self.windows.items())
        return {name: run for name, run in current if run.status == "open"}

    def holders(self, role: str) -> tuple[str, ...]:
        """Give the ids of those who hold a role."""
        return self.roles.get(role, ())

    def running_windows(self) -> dict[str, WindowRun]:
        """Give the windows whose time runs: those open, unless there is a pause."""
        return {} if self.paused_at is not None else self.open_windows()

    @property
    def ended(self) -> bool:
        """Whether nothing of the process itself can happen any more."""
        return self.status in {"completed", "cancelled", "archived"}


THIN: Final = frozenset({"plan", "calendar", "handled"})
"""What a projection leaves out: the record holds it already, elsewhere."""


def thin(state: Dialogue) -> dict[str, Any]:
    """Give the state as JSON without plan, calendar and handled commands."""
    return state.model_dump(mode="json", exclude=set(THIN))


def thick(
    small: Mapping[str, Any], plan: Method, calendar: Calendar, handled: Handled
) -> Dialogue:
    """Give back the state that `thin` made small; ``plan`` is its method."""
    held = {"plan": plan, "calendar": calendar, "handled": handled}
    state = Dialogue.model_validate({**small, **held})
    changes = [change for each in state.amendments for change in each.changes]
    return state.but(plan=amended(plan, changes)) if changes else state
