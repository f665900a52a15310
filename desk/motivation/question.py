"""What it was about: the question, the plan and its changes, and going back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from desk.motivation.document import Part, Section, Sentence
from desk.motivation.record import Known
from desk.motivation.teller import Teller, joined
from domain.deadline_facts import DeadlineMoved
from domain.events import (
    DialogueStarted,
    StepCompleted,
    StepRevisited,
    StepSkipped,
    StepStarted,
    StepVoided,
)
from domain.plan_facts import MethodMigrated, PlanAmended, TrackClosed, TrackOpened
from language import mark

_ADDED: Final[Mapping[str, str]] = {
    "add_phase": mark("Added: the phase “{what}”."),
    "add_step": mark("Added: the step “{what}”."),
    "add_item": mark("Added: the item “{what}”."),
    "add_window": mark("Added: the feedback window “{what}”."),
    "add_role": mark("Added: the role “{what}”."),
}
_TOUCHED: Final[Mapping[str, str]] = {
    "change_phase": mark("Changed: the phase “{what}”."),
    "change_step": mark("Changed: the step “{what}”."),
    "change_item": mark("Changed: the item “{what}”."),
    "change_window": mark("Changed: the feedback window “{what}”."),
    "drop_step": mark("Dropped: the step “{what}”."),
    "drop_item": mark("Dropped: the item “{what}”."),
    "drop_window": mark("Dropped: the feedback window “{what}”."),
    "move_step": mark("Moved: the step “{what}”."),
}
_COMPLETION: Final = mark("Changed: which steps have to be done before the end.")


def question(tell: Teller) -> Section:
    """Tell what it was about."""
    parts = (_asked(tell), _plan(tell), _changes(tell), _back(tell), _tracks(tell))
    return Section(
        "about",
        tell.text(mark("What it was about")),
        tuple(part for part in parts if part.sentences or part.points),
    )


def _asked(tell: Teller) -> Part:
    start = tell.record.all(DialogueStarted)[0]
    fact = start.fact
    told = [
        tell.say(mark("The dialogue is called “{title}”."), [start], title=fact.title)
    ]
    if fact.question:
        told.append(
            tell.say(
                mark("The question was: “{question}”"), [start], question=fact.question
            )
        )
    else:
        told.append(tell.say(mark("No question is on record."), [start]))
    told.extend(
        tell.say(
            mark("To be kept in view: {title}, on {day}."),
            [start],
            title=deadline.title,
            day=tell.day(date.fromisoformat(deadline.date)),
        )
        for deadline in fact.deadlines
    )
    told.extend(_moved(tell))
    return Part(None, tuple(told))


def _moved(tell: Teller) -> Iterator[Sentence]:
    """Tell how dates that had to be kept moved, and by what."""
    for event in tell.record.all(DeadlineMoved):
        fact = event.fact
        told = tell.on(
            event,
            mark("On {day} the date for {title} moved from {was} to {date}."),
            title=fact.title,
            was=tell.day(date.fromisoformat(fact.was)),
            date=tell.day(date.fromisoformat(fact.date)),
        )
        source = (fact.source or "").rstrip(".")
        by = [tell.say(mark("Source: {source}."), [event], source=source)]
        yield joined([told, *(by if source else ()), *tell.why(event)])


def _plan(tell: Teller) -> Part:
    record, plan = tell.record, tell.record.state.plan
    start = record.all(DialogueStarted)[0]
    told = [
        tell.say(
            mark("It followed the method “{method}”, version {version}."),
            [*record.all(MethodMigrated)[-1:], start],
            method=tell.titles.text(plan.title),
            version=record.state.method.version,
        )
    ]
    done = {
        name: rounds[-1].status for name, rounds in record.state.steps.items() if rounds
    }
    steps = [step.id for step in plan.all_steps()]
    complete = [name for name in steps if done.get(name) == "completed"]
    told.append(
        tell.say(
            mark("Steps of the plan that are complete: {n} of {all}."),
            [*record.all(StepCompleted), *record.all(StepVoided), start],
            all=len(steps),
            n=len(complete),
        )
    )
    skipped = [name for name in steps if done.get(name) == "skipped"]
    if skipped:
        events = [e for e in record.all(StepSkipped) if e.fact.step in skipped]
        told.append(tell.say(mark("Left out: {n}."), events, n=len(skipped)))
    points = tuple(
        _step(
            tell,
            name,
            [
                e
                for e in record.all(StepStarted, StepCompleted, StepSkipped)
                if e.fact.step == name
            ],
        )
        for name in steps
        if name in done
    )
    return Part(tell.text(mark("The plan")), tuple(told), points)


_STEP: Final[Mapping[str, str]] = {
    "completed": mark("{step}: complete since {day}."),
    "skipped": mark("{step}: left out on {day}."),
    "voided": mark("{step}: done before, and to be done again."),
    "started": mark("{step}: under way since {day}."),
}


def _step(tell: Teller, name: str, events: list[Known[Any]]) -> Sentence:
    status = tell.record.state.steps[name][-1].status
    voided = [e for e in tell.record.all(StepVoided) if e.fact.step == name]
    wanted: list[Known[Any]] = voided[-1:] if status == "voided" else events[-1:]
    text = _STEP[status]
    facts = {"day": tell.day(wanted[-1].at)} if "{day}" in text else {}
    return tell.say(text, wanted, step=tell.part(name), **facts)


def _changes(tell: Teller) -> Part:
    """Tell how the plan changed, in the order of the record."""
    told: list[Sentence] = []
    for event in tell.record.all(PlanAmended):
        told.append(tell.on(event, mark("On {day} the plan was changed.")))
        told.extend(_amended(tell, event))
        told.extend(tell.why(event))
    for event in tell.record.all(MethodMigrated):
        told.append(
            tell.on(
                event,
                mark(
                    "On {day} the dialogue went over to version {version} of {method}."
                ),
                version=event.fact.method.version,
                method=event.fact.method.id,
            )
        )
        told.extend(tell.why(event))
    if not told:
        told.append(tell.silent(mark("The plan was not changed.")))
    return Part(tell.text(mark("Changes of the plan")), tuple(told))


def _amended(tell: Teller, event: Known[PlanAmended]) -> Iterator[Sentence]:
    for change in event.fact.changes:
        members: dict[str, Any] = change.model_dump()
        name = str(members["change"])
        if name in _ADDED:
            new = getattr(change, name.removeprefix("add_"))
            what = tell.titles.text(new.title)
            yield tell.say(_ADDED[name], [event], what=what)
        elif name in _TOUCHED:
            what = str(members[name.partition("_")[2]])
            old = event.fact.parts.get(what)
            title = tell.titles.text(old) if old else tell.part(what)
            yield tell.say(_TOUCHED[name], [event], what=title)
        else:
            yield tell.say(_COMPLETION, [event])


def _back(tell: Teller) -> Part:
    told: list[Sentence] = []
    for event in tell.record.all(StepRevisited):
        fact = event.fact
        told.append(
            tell.on(
                event,
                mark("On {day} the dialogue went back to “{step}”, for round {round}."),
                step=tell.part(fact.step),
                round=fact.round,
            )
        )
        told.extend(tell.why(event))
        if fact.voids:
            told.append(
                tell.say(
                    mark("What was built on it no longer stood: {steps}."),
                    [event],
                    steps=tell.quoted(fact.voids),
                )
            )
    if not told:
        told.append(tell.silent(mark("The dialogue went back to no earlier step.")))
    return Part(tell.text(mark("Back to an earlier step")), tuple(told))


def _tracks(tell: Teller) -> Part:
    told: list[Sentence] = []
    for event in tell.record.all(TrackOpened):
        told.append(
            tell.on(
                event,
                mark("On {day} a track began beside the others: “{title}”."),
                title=event.fact.title,
            )
        )
        told.extend(tell.why(event))
    titles = {e.fact.track: e.fact.title for e in tell.record.all(TrackOpened)}
    for event in tell.record.all(TrackClosed):
        text = (
            mark("On {day} the track “{title}” was complete.")
            if event.fact.outcome == "complete"
            else mark("On {day} the track “{title}” was stopped.")
        )
        title = titles[event.fact.track]
        told.append(tell.on(event, text, title=title))
        told.extend(tell.why(event))
    return Part(tell.text(mark("Tracks")) if told else None, tuple(told))
