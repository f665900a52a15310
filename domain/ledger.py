"""Answers: every response gets an outcome with a reason, or it is said why not.

An answer is given to responses by their number, or to a group at once; then each of
its members has it, unless it was answered itself. An answer can change; what it was is
said with the change, and each respondent hears of it.
"""

# ruff: noqa: E501 (the docstring of a refusal is its message)

from __future__ import annotations

from typing import Final, assert_never

from domain.audiences import known_window
from domain.coverage import earlier_rounds, ledger_of, outcomes, waiting
from domain.draft import Draft
from domain.errors import DomainError, NothingToDo, StepNotStarted
from domain.ledger_facts import (
    AnswerOutcome,
    AnswerResponse,
    AnswersToldAgain,
    CarryResponses,
    Group,
    GroupResponses,
    LeaveUnanswered,
    LedgerCommand,
    ResponseAnswered,
    ResponsesCarried,
    ResponsesGrouped,
    ResponsesLeftUnanswered,
    ResponsesUngrouped,
    TellAnswersAgain,
    UngroupResponses,
)
from domain.ledger_react import on_their_way
from domain.response_numbers import MOST_WRITTEN, beyond, bits_of, together, written
from domain.rounds import step_of
from domain.state import Dialogue
from domain.steps import listed

MOST_GROUPS: Final = 300
"""How many groups of responses a dialogue can have."""

MOST_AGAIN: Final = 50
"""How many answers one command sends again; whoever has more asks again."""


class UnknownResponses(DomainError):
    """Feedback window {window} has {count} responses; there is no number {numbers}."""


class UnknownGroup(DomainError):
    """There is no group of responses {group}. Known are: {known}."""


class GroupDiffers(DomainError):
    """Group {group} has responses of window {window}, because they are {because}. Choose another id for another group."""


class GroupAnswered(DomainError):
    """Group {group} was answered. Answer other responses themselves, or as another group."""


class InOtherGroup(DomainError):
    """Responses {numbers} are in group {group} as identical already. Take them out of it first (ungroup_responses)."""


class TooManyGroups(DomainError):
    """A dialogue can have {limit} groups of responses. Add to one of those that wait."""


class TooScattered(DomainError):
    """These are too many separate numbers for one command. Name fewer at a time."""


class AnsweredAlready(DomainError):
    """Responses {numbers} of window {window} do not wait for an answer. Name those that do, or none: then all that wait are meant."""


class ToldAlready(DomainError):
    """The answers to responses {numbers} of window {window} are not among those that did not arrive. Name those that are, or none: then all of them are meant."""


class NotOfAnEarlierRound(DomainError):
    """Responses {numbers} of window {window} were not given in an earlier round; they count already."""


def obey(draft: Draft, command: LedgerCommand) -> None:
    """Let happen what a command about the ledger asks for."""
    match command:
        case GroupResponses():
            group_responses(draft, command)
        case UngroupResponses():
            ungroup_responses(draft, command)
        case AnswerResponse():
            answer_response(draft, command)
        case LeaveUnanswered():
            leave_unanswered(draft, command)
        case CarryResponses():
            carry_responses(draft, command)
        case TellAnswersAgain():
            tell_answers_again(draft, command)
        case _:
            assert_never(command)


def group_responses(draft: Draft, command: GroupResponses) -> None:
    """Put responses in a group, or more of them in one that waits."""
    state, window = draft.state, command.window
    wanted = _given(state, window, command.numbers)
    known = _find(state, command.group)
    if known is None:
        if sum(len(ledger.groups) for ledger in state.ledgers.values()) >= MOST_GROUPS:
            raise TooManyGroups(limit=MOST_GROUPS)
        new = wanted
    else:
        new = wanted & ~_same_group(command, *known).numbers
    if not new:
        raise NothingToDo(because="these responses are in this group already")
    if command.because == "identical":
        _check_identical(state, window, command.group, new)
    _check_written((known[1].numbers if known else 0) | new)
    draft.happen(
        ResponsesGrouped(
            group=command.group,
            window=window,
            numbers=written(new),
            because=command.because,
            title=command.title,
        )
    )


def _same_group(command: GroupResponses, window: str, group: Group) -> Group:
    if (window, group.because) != (command.window, command.because):
        raise GroupDiffers(group=command.group, window=window, because=group.because)
    if group.outcome is not None:
        raise GroupAnswered(group=command.group)
    return group


def _check_identical(state: Dialogue, window: str, name: str, wanted: int) -> None:
    for other, group in ledger_of(state, window).groups.items():
        both = group.numbers & wanted
        if both and other != name and group.because == "identical":
            raise InOtherGroup(numbers=_shown(both), group=other)


def ungroup_responses(draft: Draft, command: UngroupResponses) -> None:
    """Take responses out of a group that waits for its answer."""
    window, group = _known(draft.state, command.group)
    if group.outcome is not None:
        raise GroupAnswered(group=command.group)
    wanted = group.numbers
    if command.numbers is not None:
        wanted &= _given(draft.state, window, command.numbers)
    if not wanted:
        raise NothingToDo(because="these responses are not in this group")
    draft.happen(
        ResponsesUngrouped(group=command.group, window=window, numbers=written(wanted))
    )


def answer_response(draft: Draft, command: AnswerResponse) -> None:
    """Answer responses, or all of a group that were not answered themselves."""
    state = draft.state
    window, wanted = _meant(state, command)
    found = outcomes(ledger_of(state, window)).by_name()
    was: dict[AnswerOutcome, str] = {
        name: written(bits & wanted) for name, bits in found.items() if bits & wanted
    }
    if len(written(wanted)) + sum(map(len, was.values())) > MOST_WRITTEN:
        raise TooScattered
    draft.happen(
        ResponseAnswered(
            window=window,
            numbers=written(wanted),
            group=command.group,
            outcome=command.outcome,
            reason=command.reason,
            reference=command.reference,
            was=was,
        )
    )


def _meant(state: Dialogue, command: AnswerResponse) -> tuple[str, int]:
    """Give the window and the numbers that an answer is for."""
    if command.group is None:
        window, numbers = command.window or "", command.numbers or ""
        return window, _given(state, window, numbers)
    window, group = _known(state, command.group)
    ledger = ledger_of(state, window)
    wanted = group.numbers & ~(ledger.adopted | ledger.partly | ledger.rejected)
    if not wanted:
        raise NothingToDo(because="all responses of this group were answered singly")
    return window, wanted


def leave_unanswered(draft: Draft, command: LeaveUnanswered) -> None:
    """Say that responses which wait get no answer, and why."""
    window = command.window
    known_window(draft.state, window)
    wanted = found = waiting(draft.state, window)
    if command.numbers is not None:
        wanted = _given(draft.state, window, command.numbers)
    if wanted & ~found:
        raise AnsweredAlready(numbers=_shown(wanted & ~found), window=window)
    if not wanted:
        raise NothingToDo(because="no response to this window waits for an answer")
    _check_written(wanted)
    draft.happen(
        ResponsesLeftUnanswered(
            window=window, numbers=written(wanted), reason=command.reason
        )
    )


def carry_responses(draft: Draft, command: CarryResponses) -> None:
    """Let responses of rounds that a revisit undid count in the present round."""
    state, window = draft.state, command.window
    known_window(state, window)
    step = step_of(window)
    current = state.round(step)
    if current is None or current.status not in {"started", "completed"}:
        raise StepNotStarted(step=step)
    wanted = found = earlier_rounds(ledger_of(state, window))
    if command.numbers is not None:
        wanted = _given(state, window, command.numbers)
    if wanted & ~found:
        raise NotOfAnEarlierRound(numbers=_shown(wanted & ~found), window=window)
    if not wanted:
        raise NothingToDo(because="no response to this window is of an earlier round")
    _check_written(wanted)
    draft.happen(
        ResponsesCarried(
            window=window,
            numbers=written(wanted),
            round=current.number,
            reason=command.reason,
        )
    )


def tell_answers_again(draft: Draft, command: TellAnswersAgain) -> None:
    """Send answers once more to those they did not reach, some answers at a time."""
    state, window = draft.state, command.window
    known_window(state, window)
    every = [each.numbers for each in ledger_of(state, window).untold.values()]
    missed = together(every)
    if command.numbers is not None:
        wanted = _given(state, window, command.numbers)
        if wanted & ~missed:
            raise ToldAlready(numbers=_shown(wanted & ~missed), window=window)
        missed = wanted
    missed &= ~on_their_way(state, window)
    due = [bits & missed for bits in every if bits & missed]
    if not due:
        raise NothingToDo(because="every answer in this window arrived or is under way")
    sent = together(due[:MOST_AGAIN])
    _check_written(sent)
    draft.happen(AnswersToldAgain(window=window, numbers=written(sent)))


def _given(state: Dialogue, window: str, numbers: str) -> int:
    """Give numbers of a window's responses as bits, if there are such responses."""
    known_window(state, window)
    count = state.received(window)
    unknown = beyond(numbers, count)
    if unknown:
        shown = listed(unknown.split(","))
        raise UnknownResponses(window=window, count=count, numbers=shown)
    return bits_of(numbers)


def _find(state: Dialogue, name: str) -> tuple[str, Group] | None:
    for window, ledger in state.ledgers.items():
        if name in ledger.groups:
            return window, ledger.groups[name]
    return None


def _known(state: Dialogue, name: str) -> tuple[str, Group]:
    found = _find(state, name)
    if found is None:
        known = [group for ledger in state.ledgers.values() for group in ledger.groups]
        raise UnknownGroup(group=name, known=listed(known) or "none")
    return found


def _check_written(bits: int) -> None:
    """Raise where numbers would not fit into one event."""
    if len(written(bits)) > MOST_WRITTEN:
        raise TooScattered


def _shown(bits: int) -> str:
    """Write numbers for a message, which is no place for hundreds of ranges."""
    return listed(written(bits).split(","))
