"""How dialogues, steps, items and windows stand, and what needs somebody, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from desk.in_words.harvest import HARVEST_NEEDS
from desk.in_words.meetings import MEETING_NEEDS
from desk.in_words.moments import due_in
from language import mark
from language.speaking import _

if TYPE_CHECKING:
    from desk.in_words.mood import Mood
    from desk.overview import NeedView, WindowView
    from desk.tasks import Task

STATUS: Final[Mapping[str, str]] = {
    "running": mark("running"),
    "paused": mark("paused"),
    "suspended": mark("suspended by the organisation"),
    "completed": mark("completed"),
    "cancelled": mark("cancelled"),
    "archived": mark("archived"),
}
STATUS_MOOD: Final[Mapping[str, Mood]] = {
    "running": "good",
    "paused": "open",
    "suspended": "open",
    "completed": "good",
    "cancelled": "quiet",
    "archived": "quiet",
}
STANDING: Final[Mapping[str, tuple[str, Mood]]] = {
    "waiting": (mark("waits"), "quiet"),
    "ready": (mark("can start"), "open"),
    "started": (mark("under way"), "open"),
    "completed": (mark("done"), "good"),
    "skipped": (mark("left out"), "quiet"),
    "voided": (mark("has to be redone"), "alarm"),
    "ended": (mark("not done"), "quiet"),
}
ITEM: Final[Mapping[str, tuple[str, str, Mood]]] = {
    "completed": ("✓", mark("done"), "good"),
    "waived": ("–", mark("set aside"), "quiet"),
    "to_reconfirm": ("?", mark("to reconfirm"), "alarm"),
    "open": ("·", mark("open"), "plain"),
}
WINDOW: Final[Mapping[str, str]] = {
    "not_opened": mark("not opened yet"),
    "open": mark("open"),
    "paused": mark("stands still"),
    "closed": mark("closed"),
    "voided": mark("no longer counts"),
}
NEEDS: Final[Mapping[str, str]] = {
    "compensation_failed": mark("A compensation failed: {title} [{target}]"),
    "message_failed": mark("A message could not be sent: {title} [{target}]"),
    "nobody_invited": mark("Nobody is invited to window “{title}”"),
    "unreachable": mark("Messages do not reach everybody ({title})"),
    "answers_untold": mark("Answers did not arrive in window “{title}”"),
    "unanswered": mark("Responses in window “{title}” wait for an answer"),
    "to_reconfirm": mark("Step “{title}” has items to reconfirm"),
    "to_brief": mark("Joined late and was not briefed yet: {title}"),
    "not_reached": mark("Not reached yet: {title}"),
    "deadline_passed": mark("The date for “{title}” has passed"),
    "deadline_soon": mark("The date for “{title}” is near"),
    "gate_in_doubt": mark("Gate “{title}” is in doubt: its counts were corrected"),
    **HARVEST_NEEDS,
    **MEETING_NEEDS,
}
KINDS: Final[Mapping[str, tuple[str, Mood]]] = {
    "unreadable": (mark("The dialogue {what} can't be read"), "alarm"),
    "compensation_failed": (mark("A compensation failed: {what}"), "alarm"),
    "message_failed": (mark("A message could not be sent: {what}"), "alarm"),
    "deadline_passed": (mark("The date for “{what}” has passed"), "alarm"),
    "window_overdue": (mark("Window “{what}” should have closed"), "alarm"),
    "deadline_soon": (mark("The date for “{what}” is near"), "open"),
    "window_closes_soon": (mark("Window “{what}” closes soon"), "open"),
    "nobody_invited": (mark("Nobody is invited to window “{what}”"), "alarm"),
    "unreachable": (mark("Messages do not reach everybody ({what})"), "alarm"),
    "answers_untold": (mark("Answers did not arrive in window “{what}”"), "open"),
    "to_reconfirm": (mark("Step “{what}” has items to reconfirm"), "open"),
    "respond": (mark("You have not responded in window “{what}”"), "open"),
    "extra_attention": (mark("“{what}” asks for extra attention"), "plain"),
    "silent": (mark("People are silent in window “{what}”"), "plain"),
    "paused": (mark("The dialogue is paused"), "plain"),
    "suspended": (mark("The organisation has suspended its windows"), "plain"),
    "go_on": (mark("Go on: {what}"), "quiet"),
}
"""What needs somebody beside `NEEDS`, over many dialogues."""


def need_in_words(need: NeedView) -> str:
    """Say what needs somebody."""
    return _(NEEDS[need.kind]).format(title=need.title, target=need.target)


def task_in_words(task: Task) -> tuple[str, Mood]:
    """Say what a task is; a need in the words that it has everywhere else."""
    if task.kind in KINDS:
        text, mood = KINDS[task.kind]
        return _(text).format(what=task.what), mood
    text = NEEDS.get(task.kind, "{title} [{target}]")
    return _(text).format(title=task.what, target=task.target), "open"


def window_in_words(window: WindowView) -> str:
    """Say how a window stands and how long it is open."""
    status = _(WINDOW[window.status])
    if window.due is None:
        return status
    if window.status == "paused":
        return status
    return f"{status}, {due_in(window.due)}"


def counted(window: WindowView) -> str:
    """Count a window's responses."""
    return _("{on_time} on time, {late} late").format(
        on_time=window.on_time, late=window.late
    )
