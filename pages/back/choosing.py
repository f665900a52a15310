"""Which steps can be returned to, with in a few words what each return would do."""

from __future__ import annotations

from typing import NamedTuple

from desk.in_words.standings import STANDING
from desk.overview import Overview, StepView
from domain.errors import DomainError
from domain.revisit import check_possible, preview_revisit
from language.speaking import _
from pages.back.fates import FATES, StepFate
from pages.back.preview import drawn
from pages.chain import Picture
from pages.counting import PEOPLE, REPORTS, STEPS, WINDOWS, all_counted, listed


class Choice(NamedTuple):
    """A step that can be returned to: which steps fall, and what else goes."""

    step: StepView
    falls: int
    does: str
    last: str
    """The last step that falls with it, where one does."""


class Choices(NamedTuple):
    """All steps that can be returned to, and the chain as it stands."""

    choices: tuple[Choice, ...]
    picture: Picture
    done: int
    total: int


def choices(view: Overview) -> Choices:
    """Look at every step that can be returned to; the nearest to now comes first."""
    steps = [step for phase in view.phases for step in phase.steps]
    may = [step for step in reversed(steps) if _may(view, step.id)]
    possible = [_choice(view, step) for step in may]
    fates = [
        StepFate(step, FATES[step.status], "", _standing(step), ()) for step in steps
    ]
    return Choices(tuple(possible), drawn(view, fates), len(possible), len(steps))


def _may(view: Overview, step: str) -> bool:
    try:
        check_possible(view.state, step)
    except DomainError:
        return False
    return True


def _standing(step: StepView) -> str:
    words = [_(STANDING[step.status][0])]
    words += [_("round {n}").format(n=step.round)] if step.round > 1 else []
    return ", ".join(words)


def _choice(view: Overview, step: StepView) -> Choice:
    found = preview_revisit(view.state, step.id, view.now)
    does = all_counted(
        (
            (len(found["voids"]), STEPS),
            (len(found["windows"]), WINDOWS),
            (len(found["reports"]), REPORTS),
        )
    )
    told = all_counted(((len(found["tells"]), PEOPLE),))
    words = [
        _("falls: {what}").format(what=listed(does))
        if does
        else _("nothing else falls")
    ]
    words += [_("gets a message: {who}").format(who=who) for who in told]
    last = view.titles.step(found["voids"][0]) if found["voids"] else ""
    return Choice(step, len(found["voids"]), "; ".join(words), last)
