"""Effects end on record: as done, or as failed and waiting for a person."""

from __future__ import annotations

from typing import Any, assert_never

from domain import harvest_undone
from domain.commands import ReportEffect, RetryEffect, WaiveEffect
from domain.draft import Draft
from domain.effect_facts import EffectCommand
from domain.errors import MessageOutdated, NothingToDo, UnknownEffect
from domain.events import (
    CompensationCompleted,
    CompensationFailed,
    EffectCompleted,
    EffectFailed,
    EffectRetried,
    EffectWaived,
)
from domain.harvest_errors import MessageOvertaken
from domain.meetings_ahead import outdated
from domain.revisit import advance
from domain.state import Dialogue, Effect


def obey(draft: Draft, command: EffectCommand) -> None:
    """Obey a command about an effect, or raise a `DomainError`."""
    match command:
        case ReportEffect():
            report_effect(draft, command)
        case RetryEffect():
            retry_effect(draft, command)
        case WaiveEffect():
            waive_effect(draft, command)
        case _:
            assert_never(command)


def report_effect(draft: Draft, command: ReportEffect) -> None:
    """Put the outcome of an effect on record; an outdated report is no news."""
    effect = draft.state.effects.get(command.effect)
    if effect is None or (effect.status, effect.attempt) != (
        "pending",
        command.attempt,
    ):
        raise NothingToDo(because="this outcome is on record already")
    if effect.compensation is None:
        _report_notice(draft, effect, command)
    else:
        _report_compensation(draft, effect, command)


def _report_notice(draft: Draft, effect: Effect, command: ReportEffect) -> None:
    if command.succeeded:
        draft.happen(
            EffectCompleted(
                effect=effect.id,
                notice=effect.notice,
                attempt=effect.attempt,
                sent=command.sent,
                undeliverable=command.undeliverable,
                **_by_number(effect, command),
            )
        )
        return
    draft.happen(
        EffectFailed(
            effect=effect.id,
            notice=effect.notice,
            attempt=effect.attempt,
            problem=command.problem or "unknown",
        )
    )


def _by_number(effect: Effect, command: ReportEffect) -> dict[str, Any]:
    """Give who was told an answer, by the numbers of their responses."""
    if effect.responses is None or effect.about is None:
        return {}
    seq, _ = effect.about.enclosed[0].place
    told = {"told": command.told, "untold": command.untold}
    return {"window": effect.target, "answer": seq, **told}


def _report_compensation(draft: Draft, effect: Effect, command: ReportEffect) -> None:
    if not command.succeeded:
        draft.happen(
            CompensationFailed(
                compensation=effect.id,
                attempt=effect.attempt,
                problem=command.problem or "unknown",
            )
        )
        return
    draft.happen(
        CompensationCompleted(
            compensation=effect.id,
            attempt=effect.attempt,
            sent=command.sent,
            undeliverable=command.undeliverable,
        )
    )
    advance(draft)


def retry_effect(draft: Draft, command: RetryEffect) -> None:
    """Send messages that failed once more, unless events have overtaken them."""
    effect = _failed(draft.state, command.effect)
    status = overtaken(draft.state, effect)
    if status is not None and effect.about is not None:
        what = effect.about.heading
        raise MessageOvertaken(effect=effect.id, what=what, status=status)
    if status is not None:
        raise MessageOutdated(effect=effect.id, window=effect.target, status=status)
    draft.happen(EffectRetried(effect=effect.id, attempt=effect.attempt + 1))


def overtaken(state: Dialogue, effect: Effect) -> str | None:
    """Give what became of its subject, if the message would now say what is not so."""
    if effect.about is not None and effect.about.invitation is not None:
        return outdated(state, effect.about.invitation)
    if effect.about is not None and effect.compensation is None:
        notice, subject = effect.notice, effect.about.subject
        return harvest_undone.overtaken(state.harvest, notice, subject)
    runs = state.windows.get(effect.target, ())
    status = next((run.status for run in runs if run.run == effect.run), None)
    still = {"closed"} if effect.notice == "window_closed" else {"open"}
    return None if status in still else status


def waive_effect(draft: Draft, command: WaiveEffect) -> None:
    """Leave messages that failed unsent, with a reason."""
    effect = _failed(draft.state, command.effect)
    draft.happen(EffectWaived(effect=effect.id, reason=command.reason))


def _failed(state: Dialogue, name: str) -> Effect:
    waiting = {e.id: e for e in state.effects.values() if e.status == "failed"}
    if name not in waiting:
        raise UnknownEffect(effect=name, known=", ".join(waiting) or "none")
    return waiting[name]
