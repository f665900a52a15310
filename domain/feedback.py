"""Feedback windows and the responses in them, each wish by its own module."""

from __future__ import annotations

from typing import assert_never

from domain import crowds, inviting, openings, reopening, responses, using, windows
from domain.draft import Draft
from domain.opening_facts import (
    CloseWindow,
    ExtendWindow,
    OpeningCommand,
    OpenWindow,
    RecordResponse,
    RemindWindow,
    ShortenWindow,
)
from domain.window_facts import (
    InviteToWindow,
    RecordResponses,
    ReopenWindow,
    UseLateResponse,
    WindowCommand,
)


def obey(draft: Draft, command: OpeningCommand | WindowCommand) -> None:
    """Obey a command about a window or a response, or raise a `DomainError`."""
    match command:
        case OpenWindow():
            openings.open_window(draft, command)
        case ExtendWindow():
            windows.extend_window(draft, command)
        case ShortenWindow():
            windows.shorten_window(draft, command)
        case CloseWindow():
            windows.close_window(draft, command)
        case RemindWindow():
            windows.remind_window(draft, command)
        case RecordResponse():
            responses.record_response(draft, command)
        case InviteToWindow():
            inviting.invite_to_window(draft, command)
        case ReopenWindow():
            reopening.reopen_window(draft, command)
        case UseLateResponse():
            using.use_late_response(draft, command)
        case RecordResponses():
            crowds.record_responses(draft, command)
        case _:
            assert_never(command)
