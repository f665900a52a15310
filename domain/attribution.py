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
    "deadline_moved": "move_deadline",
    "method_migrated": "migrate_method",
    "plan_amended": "amend_plan",
    "track_opened": "open_track",
    "track_closed": "close_track",
    "dialogue_suspended": "suspend_dialogue",
    "suspension_lifted": "lift_suspension",
    "proposal_withdrawn": "withdraw_proposal",
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
    "audience_invited": "invite_to_window",
    "window_reopened": "reopen_window",
    "late_response_used": "use_late_response",
    "responses_gathered": "record_responses",
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
    "answers_told_again": "tell_answers_again",
    "signal_noted": "note_signal",
    "stakeholder_registered": "register_stakeholder",
    "stakeholder_changed": "change_stakeholder",
    "stakeholder_released": "release_stakeholder",
    "engagement_planned": "plan_engagement",
    "latecomer_briefed": "brief_latecomer",
    "briefing_waived": "waive_briefing",
    "role_handed_over": "hand_over_role",
    "participation_declined": "decline_participation",
    "interest_recorded": "record_interest",
    "interest_changed": "record_interest",
    "interest_withdrawn": "withdraw_interest",
    "interests_related": "relate_interests",
    "interests_unrelated": "unrelate_interests",
    "meeting_scheduled": "schedule_meeting",
    "meeting_changed": "change_meeting",
    "meeting_cancelled": "cancel_meeting",
    "people_invited": "invite",
    "people_uninvited": "uninvite",
    "attendance_recorded": "record_attendance",
    "minutes_recorded": "record_minutes",
    "meeting_noted": "note_meeting_held",
    "report_published": "publish_report",
    "report_retracted": "retract_report",
    "conclusion_recorded": "record_conclusion",
    "decision_recorded": "record_decision",
    "decision_annulled": "annul_decision",
    "decision_reconfirmed": "reconfirm_decision",
    "results_communicated": "communicate_results",
    "late_feedback_noted": "note_late_feedback",
    "late_feedback_answered": "answer_late_feedback",
    "success_celebrated": "celebrate",
    "agreement_settled": "settle_agreement",
    "agreement_made": "make_agreement",
    "agreement_extended": "extend_agreement",
    "agreement_reminded": "remind_agreement",
    "agreement_reconfirmed": "reconfirm_agreement",
    "gate_passed": "record_gate",
    "gate_failed": "record_gate",
    "fact_corrected": "correct_fact",
    "fact_noted": "note_fact",
    "step_marked_confidential": "mark_confidential",
    "confidentiality_lifted": "lift_confidential",
    "self_assessment_recorded": "record_self_assessment",
    "evaluation_recorded": "record_evaluation",
    "desk_key_trusted": "trust_desk_key",
    "desk_key_distrusted": "distrust_desk_key",
    "unsigned_allowed": "allow_unsigned",
    "personal_data_erased": "erase_personal_data",
    # From here on: what may come along with what stands above it.
    "step_started": "start_step",
    "window_opened": "open_window",
    "window_closed": "close_window",
    "compensation_started": "retry_compensation",
}
"""The command that an event is of, the surest signs first."""

REOPENED: Final = "window_reopened"
"""What `told_type` calls the opening of a window that was opened again, and why."""

_RANK: Final = {name: place for place, name in enumerate(OWN)}


def told_type(name: str, data: Mapping[str, Any]) -> str:
    """Give the type of an event as it tells of a command.

    A window that was opened again has an event like any other opening, which says why.
    """
    again = name == "window_opened" and data.get("because") is not None
    return REOPENED if again else name


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
