"""Which command was given can be read back from the events that it left.

An event names its cause, no command. Most kinds of command have an event of their own,
which nothing else brings about; a few events also come along with another command: a
step starts with its first item, and a window opens as its step starts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

OWN: Final[Mapping[str, str]] = {
    "dialogue_started": "start_dialogue",
    "dialogue_paused": "pause_dialogue",
    "dialogue_resumed": "resume_dialogue",
    "dialogue_completed": "complete_dialogue",
    "dialogue_cancelled": "cancel_dialogue",
    "dialogue_archived": "archive_dialogue",
    "calendar_renewed": "renew_calendar",
    "dialogue_restored": "restore_dialogue",
    "items_completed": "complete_items",
    "items_reconfirmed": "reconfirm_items",
    "items_waived": "waive_items",
    "items_reopened": "reopen_items",
    "step_completed": "complete_step",
    "step_skipped": "skip_step",
    "step_revisited": "revisit_step",
    "window_extended": "extend_window",
    "window_shortened": "shorten_window",
    "audience_reminded": "remind_window",
    "response_recorded": "record_response",
    "compensation_waived": "waive_compensation",
    "compensation_completed": "report_effect",
    "compensation_failed": "report_effect",
    "effect_completed": "report_effect",
    "effect_failed": "report_effect",
    "effect_retried": "retry_effect",
    "effect_waived": "waive_effect",
    "role_assigned": "assign_role",
    "role_released": "release_role",
    "responses_grouped": "group_responses",
    "responses_ungrouped": "ungroup_responses",
    "response_answered": "answer_response",
    "responses_left_unanswered": "leave_unanswered",
    "responses_carried": "carry_responses",
    "signal_noted": "note_signal",
    "stakeholder_registered": "register_stakeholder",
    "stakeholder_changed": "change_stakeholder",
    "stakeholder_released": "release_stakeholder",
    "engagement_planned": "plan_engagement",
    "latecomer_briefed": "brief_latecomer",
    "briefing_waived": "waive_briefing",
    "role_handed_over": "hand_over_role",
    "interest_recorded": "record_interest",
    "interest_changed": "record_interest",
    "interest_withdrawn": "withdraw_interest",
    "interests_related": "relate_interests",
    "interests_unrelated": "unrelate_interests",
    "gate_passed": "record_gate",
    "gate_failed": "record_gate",
    "fact_corrected": "correct_fact",
    "fact_noted": "note_fact",
    "step_marked_confidential": "mark_confidential",
    "confidentiality_lifted": "lift_confidential",
    "self_assessment_recorded": "record_self_assessment",
    "evaluation_recorded": "record_evaluation",
    "personal_data_erased": "erase_personal_data",
    # From here on: what may come along with what stands above it.
    "step_started": "start_step",
    "window_opened": "open_window",
    "window_closed": "close_window",
    "compensation_started": "retry_compensation",
}
"""The command that an event is of, the surest signs first."""

_RANK: Final = {name: place for place, name in enumerate(OWN)}


def leading(types: Iterable[str]) -> str:
    """Give the type, among those that one command left, that tells which it was."""
    return min(types, key=lambda name: _RANK.get(name, len(_RANK)))


def command_of(types: Iterable[str]) -> str:
    """Give the kind of the command that left events of these types, at least one.

    An event that belongs to no command of a dialogue, such as those in the streams of
    organisations, gives its own type.
    """
    first = leading(types)
    return OWN.get(first, first)


def steps_in(data: Mapping[str, Any]) -> frozenset[str]:
    """Give the steps of a method in which an event with this ``data`` took place."""
    items: Any = data.get("items")
    names: list[Any] = [*items] if isinstance(items, list | tuple) else []
    named: tuple[Any, ...] = (data.get("step"), data.get("window"), *names)
    return frozenset(name.partition(".")[0] for name in named if isinstance(name, str))
