"""What returning to a step would do, in the order in which it would happen.

First what falls at once, then what Polder undoes one thing after the other, then what
is left to people; and beside it all that stays. Everything follows from the state that
is looked at: the decision asks the same question (`domain.consequences`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from desk.in_words.standings import STANDING
from desk.overview import Overview, StepView
from domain.revisit import preview_revisit
from domain.rounds import step_of
from domain.state import Dialogue
from language import mark
from language.speaking import _
from pages.back.fates import FATES, StepFate, losses_of
from pages.back.people import People, Told
from pages.back.rounds import in_order
from pages.back.undoing import act_in_words
from pages.chain import Fate, Link, Picture, draw
from pages.counting import ITEMS, RESPONSES, STEPS, counted, listed


class Undoing(NamedTuple):
    """Something that Polder undoes: what, how, and who hears of it."""

    act: str
    what: str
    step: str
    told: Told


class Fallen(NamedTuple):
    """Something that falls at once; ``note`` says more where there is more."""

    what: str
    note: str = ""


class Again(NamedTuple):
    """A step, and what in it has to be looked at again."""

    step: str
    titles: tuple[str, ...]


class Preview(NamedTuple):
    """What returning to a step would do, to be looked at."""

    step: StepView
    version: int
    round: int
    lead: str
    fates: tuple[StepFate, ...]
    windows: tuple[Fallen, ...]
    meetings: tuple[Fallen, ...]
    reports: tuple[Fallen, ...]
    undoings: tuple[Undoing, ...]
    again: tuple[Again, ...]
    gates: tuple[str, ...]
    questioned: tuple[str, ...]
    told: Told
    unreached: tuple[str, ...]
    stays: tuple[str, ...]
    picture: Picture
    found: dict[str, Any]

    @property
    def fallen(self) -> tuple[StepFate, ...]:
        """The steps that no longer stand, in the order of the plan."""
        return tuple(fate for fate in self.fates if fate.fate == "falls")


def preview(view: Overview, step: str) -> Preview:
    """Look at what returning to a step that can be returned to would do."""
    state, found = view.state, preview_revisit(view.state, step, view.now)
    people = People(state, view.titles)
    fates = tuple(_fates(view, found))
    told = people.told(found["tells"])
    here = next(fate.view for fate in fates if fate.fate == "here")
    return Preview(
        step=here,
        version=state.version,
        round=found["round"],
        lead=_lead(found, told),
        fates=fates,
        windows=tuple(_windows(view, found)),
        meetings=tuple(Fallen(each["title"]) for each in found["meetings"]),
        reports=tuple(_reports(state, found["reports"])),
        undoings=tuple(_undoings(view, people, found)),
        again=tuple(_again(view, found["reopens"])),
        gates=tuple(map(view.titles.gate, found["gates"])),
        questioned=tuple(_questioned(state, found)),
        told=told,
        unreached=tuple(who for who in found["tells"] if who in state.unreachable),
        stays=tuple(_stays(view, found, fates)),
        picture=drawn(view, fates),
        found=found,
    )


def drawn(view: Overview, fates: Sequence[StepFate]) -> Picture:
    """Draw the chain of a dialogue's steps with what becomes of each."""
    by_id = {each.view.id: each for each in fates}
    steps = view.state.plan.steps
    return draw(
        [
            (
                phase.title,
                [
                    Link(
                        step.id,
                        step.number,
                        step.title,
                        steps[step.id].needs or (),
                        by_id[step.id].fate,
                        by_id[step.id].verdict,
                    )
                    for step in phase.steps
                ],
            )
            for phase in view.phases
        ]
    )


_LEAD: Final = mark(
    "Round {round} of this step begins. {steps} What was done stays visible."
)


def _lead(found: dict[str, Any], told: Told) -> str:
    falls = len(found["voids"])
    steps = (
        _("No other step falls.")
        if not falls
        else _("1 later step no longer stands.")
        if falls == 1
        else _("{n} later steps no longer stand.").format(n=falls)
    )
    people = (
        _("Nobody gets a message.")
        if not told.number
        else _("1 person gets a message.")
        if told.number == 1
        else _("{n} people get a message.").format(n=told.number)
    )
    return _(_LEAD).format(round=found["round"], steps=f"{steps} {people}")


def _fates(view: Overview, found: dict[str, Any]) -> Iterator[StepFate]:
    voids = {*found["voids"]}
    for phase in view.phases:
        for step in phase.steps:
            falls = step.id in voids
            here = step.id == found["step"]
            lost = losses_of(view.state, found, step.id) if falls or here else ()
            fate: Fate = "here" if here else "falls" if falls else _standing(step)
            yield StepFate(
                view=step,
                fate=fate,
                now=_(STANDING[step.status][0]),
                after=_(_AFTER[fate]).format(round=found["round"]),
                lost=lost,
            )


def _standing(step: StepView) -> Fate:
    return FATES[step.status]


_AFTER: Final = {
    "here": mark("round {round} begins here"),
    "falls": mark("falls"),
    "stays": mark("stays as it is"),
    "again": mark("has to be redone already"),
    "open": mark("stays, and goes on"),
    "ahead": mark("was not begun"),
}


def _windows(view: Overview, found: dict[str, Any]) -> Iterator[Fallen]:
    for each in found["windows"]:
        runs = view.state.windows[each["window"]]
        run = next(run for run in runs if run.run == each["run"])
        said = run.on_time + run.late
        notes = [_("is open now, and closes at once")] if each["wasOpen"] else []
        if said:
            stay = _("{responses} stay to be read")
            notes.append(stay.format(responses=counted(said, RESPONSES)))
        yield Fallen(view.titles.window(each["window"]), "; ".join(notes))


def _reports(state: Dialogue, reports: Iterable[str]) -> Iterator[Fallen]:
    words = {"draft": _("draft"), "final": _("final")}
    for name in reports:
        report = state.harvest.reports[name]
        yield Fallen(report.title, words.get(report.status, ""))


def _undoings(
    view: Overview, people: People, found: dict[str, Any]
) -> Iterator[Undoing]:
    for each in found["compensations"]:
        yield Undoing(
            act=act_in_words(view, each["act"], each["undoes"]),
            what=each["heading"] or view.titles.part(each["undoes"]),
            step=view.state.plan.steps[each["step"]].number,
            told=people.told(each["recipients"]),
        )


def _again(view: Overview, items: Sequence[str]) -> Iterator[Again]:
    items = in_order(view.state.plan, items)
    touched = {*map(step_of, items)}
    for step in (step for step in view.state.plan.steps if step in touched):
        titles = (view.titles.item(i) for i in items if step_of(i) == step)
        yield Again(view.titles.step(step), tuple(titles))


def _questioned(state: Dialogue, found: dict[str, Any]) -> Iterator[str]:
    for name in found["agreements"]:
        who = ", ".join(state.harvest.agreements[name].parties)
        yield _("agreement {name}, of {who}").format(name=name, who=who)
    for name in found["decisions"]:
        title = state.harvest.decisions[name].title
        yield _("decision “{title}”").format(title=title)


def _stays(
    view: Overview, found: dict[str, Any], fates: Sequence[StepFate]
) -> Iterator[str]:
    """Say what does not fall: it is half of what somebody wants to know."""
    kept = [each.view for each in fates if each.fate in {"stays", "open"}]
    if kept:
        done = sum(step.done for step in kept)
        yield _("{steps}, with {items} done: {titles}").format(
            steps=counted(len(kept), STEPS),
            items=counted(done, ITEMS),
            titles=listed(step.title for step in kept),
        )
    state = view.state
    gone = {*found["reports"]}
    standing = [
        r.title for n, r in state.harvest.reports.items() if r.stands and n not in gone
    ]
    if standing:
        yield _("reports: {titles}").format(titles=listed(standing))
    settled = [
        name
        for name, each in state.harvest.agreements.items()
        if not each.to_review and name not in found["agreements"]
    ]
    if settled:
        yield _("agreements: {names}").format(names=listed(settled))
    yield _("everything that was said and done, under the round in which it was")
