"""Which commands on dialogues belong together: help lists them by what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from language import mark

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    mark("Look"): (
        *("list", "show", "history", "watch", "plan", "people", "interests"),
        *("meetings", "responses", "answers", "harvest", "agreements", "gates"),
        *("reflection", "facts", "corrections", "motivation"),
    ),
    mark("Begin and end"): (
        *("start", "pause", "resume", "finish", "cancel", "archive", "move-deadline"),
        *("renew-calendar", "restore", "send", "note"),
        *("link-case", "unlink-case", "cases"),
    ),
    mark("Steps and items"): (
        *("complete", "waive", "reopen", "reconfirm", "start-step", "complete-step"),
        *("skip-step", "gate", "mark-confidential", "lift-confidential"),
    ),
    mark("People"): (
        *("import-people", "register-stakeholder", "change-stakeholder"),
        *("release-stakeholder", "decline", "plan-engagement", "brief"),
        *("waive-briefing", "assign-role", "release-role", "hand-over"),
    ),
    mark("Interests"): (
        *("record-interest", "withdraw-interest", "relate-interests"),
        "unrelate-interests",
    ),
    mark("Meetings"): (
        *("schedule-meeting", "change-meeting", "cancel-meeting", "invite"),
        *("uninvite", "record-attendance", "record-minutes", "note-meeting"),
    ),
    mark("Feedback windows and responses"): (
        *("open-window", "invite-to-window", "extend-window", "shorten-window"),
        *("close-window", "reopen-window", "remind", "respond", "use-late-response"),
    ),
    mark("Answers"): (
        *("group", "ungroup", "answer", "answer-sheet", "leave", "tell-again"),
        "carry",
    ),
    mark("Harvest"): (
        *("publish-report", "retract-report", "record-conclusion", "record-decision"),
        *("annul-decision", "reconfirm-decision", "make-agreement"),
        *("extend-agreement", "remind-agreement", "settle-agreement"),
        *("reconfirm-agreement", "communicate", "late-feedback", "answer-feedback"),
        *("celebrate", "withdraw-proposal"),
    ),
    mark("Going back, and another plan"): (
        *("preview-revisit", "revisit", "amend-plan", "migrate-method", "open-track"),
        "close-track",
    ),
    mark("Putting right"): (
        *("correct", "note-fact", "retry", "waive-compensation", "retry-message"),
        "waive-message",
    ),
    mark("Looking at ourselves"): ("assess", "evaluate"),
    mark("Whose word counts"): ("trust-key", "distrust-key", "allow-unsigned"),
}
"""Headings, in order, with the commands under them."""
