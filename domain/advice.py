"""What would help now: for each thing that needs somebody, one command.

Advice names a command of the domain and its body, so that every interface can show
it in its own way: as a button, or as a line to copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from domain.audiences import known_window
from domain.coverage import waiting
from domain.effects import overtaken
from domain.gates_standing import holding
from domain.harvest_help import help_for
from domain.meetings_help import help_for as help_for_meeting
from domain.method import LIST, Step
from domain.need import Need
from domain.progress import current_steps, not_reached, ready_steps
from domain.response_numbers import written
from domain.standing_still import is_suspended
from domain.state import Dialogue, Round
from domain.steps import is_done
from domain.thresholds import Counts, missing


class Advice(NamedTuple):
    """A command that would help. An empty value is for the sender to fill in."""

    kind: str
    body: Mapping[str, str | tuple[str, ...]]

    def __hash__(self) -> int:
        """Tell pieces of advice apart."""
        return hash((self.kind, tuple(self.body.items())))


Choice = tuple[Advice, ...]
"""Acts of which any would do, the first in order first; there is always one."""


def for_need(state: Dialogue, need: Need) -> Advice | None:
    """Give the command that answers a need; none where it is not a command."""
    answer = _ANSWERS.get(need.kind)
    if answer is not None:
        return answer(state, need.target)
    helps = help_for(state, need) or help_for_meeting(state, need)
    return Advice(*helps) if helps else None


def _resent(state: Dialogue, effect: str) -> Advice:
    outdated = overtaken(state, state.effects[effect]) is not None
    return Advice("waive_effect" if outdated else "retry_effect", {"effect": effect})


def _invitation(state: Dialogue, window: str) -> Advice:
    role = known_window(state, window).audience
    if role == LIST:
        whole, _, audience = window.rpartition(".")
        named = {"window": whole, "audience": audience}
        if whole.count(".") == 0:
            named = {"window": window, "audience": LIST}
        return Advice("invite_to_window", {**named, "who": ("",)})
    return Advice("assign_role", {"role": role, "actor": "", "address": ""})


def _answer(state: Dialogue, window: str) -> Advice:
    """Answer all that waits at once, as one group or a few numbers of it."""
    numbers = written(waiting(state, window))
    told = {"window": window, "numbers": numbers, "outcome": "", "reason": ""}
    return Advice("answer_response", told)


def _address(state: Dialogue, role: str) -> Advice:
    somebody = not_reached(state, role)[0]
    return Advice("assign_role", {"role": role, "actor": somebody, "address": ""})


def _held(state: Dialogue, gate: str) -> Advice:
    """Ask for what has to be counted at a gate; a return where its step is over."""
    step = gate.partition(".")[0]
    if is_done(state, step):
        return Advice("revisit_step", {"step": step, "reason": ""})
    last, planned = state.gates.get(gate), state.plan.gates.get(gate)
    known = planned or last
    counts = missing(known.threshold, Counts(in_favour=0)) if known else ()
    return Advice(
        "record_gate", {"gate": gate, "in_favour": "", **dict.fromkeys(counts, "")}
    )


_ANSWERS: Final[Mapping[str, Callable[[Dialogue, str], Advice]]] = {
    "compensation_failed": lambda _, name: Advice(
        "retry_compensation", {"compensation": name}
    ),
    "message_failed": _resent,
    "gate_in_doubt": _held,
    "to_reconfirm": lambda _, step: Advice("reconfirm_items", {"step": step}),
    "nobody_invited": _invitation,
    "unanswered": _answer,
    "unreachable": _address,
    "answers_untold": lambda _, name: Advice("tell_answers_again", {"window": name}),
    "to_brief": lambda _, who: Advice("brief_latecomer", {"stakeholder": who}),
    "not_reached": lambda _, who: Advice(
        "change_stakeholder", {"stakeholder": who, "reached": "true"}
    ),
}
"""What answers each kind of need, by its target."""


def next_acts(
    state: Dialogue, allowed: Callable[[Advice], bool] = lambda _: True
) -> Iterator[Advice]:
    """Give what can be done next, most useful first; nothing once it has ended.

    ``allowed`` is asked which of several items is to be named.
    """
    return (chosen(choice, allowed) for choice in choices(state))


def chosen(choice: Choice, allowed: Callable[[Advice], bool]) -> Advice:
    """Give the first of some acts that is allowed; the first where none is."""
    return next(filter(allowed, choice), choice[0])


def choices(state: Dialogue) -> Iterator[Choice]:
    """Give what can be done next, most useful first, each as acts to choose from."""
    if is_suspended(state):
        return  # it is for the organisation to let it go on
    if state.status == "paused":
        yield (Advice("resume_dialogue", {}),)
    elif state.status in {"completed", "cancelled"}:
        if not (state.harvest.open_agreements() or state.harvest.feedback):
            yield (Advice("archive_dialogue", {}),)
    elif state.status == "running":
        for step in (*current_steps(state), *ready_steps(state)):
            yield from _in_step(state, step)
        if all(is_done(state, step) for step in state.plan.steps):
            yield (Advice("complete_dialogue", {}),)


def _in_step(state: Dialogue, step: str) -> Iterator[Choice]:
    plan, current = state.plan.steps[step], state.round(step)
    marks = current.marks if current else {}
    if current and current.to_reconfirm:
        yield (Advice("reconfirm_items", {"step": step}),)
    missing = [
        name
        for item in plan.items
        if (name := f"{step}.{item.id}") not in marks and item.required
    ]
    if missing:
        yield tuple(Advice("complete_items", {"items": (item,)}) for item in missing)
    elif current is None or current.status != "started":
        yield (Advice("start_step", {"step": step}),)
    elif plan.undescribed:
        yield (Advice("complete_step", {"step": step, "note": ""}),)
    else:
        yield from ((act,) for act in _closing(state, plan, current))


def _closing(state: Dialogue, plan: Step, current: Round) -> Iterator[Advice]:
    """Give what a step that is under way still waits for, its items apart."""
    step = plan.id
    for window in plan.windows:
        run = state.run(f"{step}.{window.id}")
        held = run is not None and run.round == current.number
        by_hand = window.opens.on == "hand"
        if not held and by_hand and window.required:
            yield Advice("open_window", {"window": f"{step}.{window.id}"})
    open_here = any(name.startswith(f"{step}.") for name in state.open_windows())
    waiting = holding(state, plan)
    yield from (_held(state, gate) for gate in waiting[:1])
    if not open_here and not current.to_reconfirm and not waiting:
        yield Advice("complete_step", {"step": step})
