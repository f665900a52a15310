"""What the forms of a window's page ask for, as commands of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from language import mark
from pages.dialogue.lengths import Wanted, with_length
from pages.dialogue.offers import body_of
from pages.dialogue.step_acts import NO_REASON
from pages.said import says
from pages.typing_in import Form

NOBODY: Final = mark("Write at least one person, by an id without personal data.")
NO_LIST: Final = mark("Name the list, in small letters, such as more-time.")

SAID: Final[Mapping[str, str]] = {
    "open_window": says(
        "window-opened", mark("The window is open, and who is asked gets word.")
    ),
    "reopen_window": says(
        "window-reopened", mark("The window is open again; what came in still counts.")
    ),
    "extend_window": says(
        "window-extended", mark("The window closes later; who is asked gets word.")
    ),
    "shorten_window": says(
        "window-shortened",
        mark("The window closes sooner; who is asked gets word."),
    ),
    "close_window": says("window-closed", mark("The window is closed.")),
    "remind_window": says("window-reminded", mark("Who was silent gets a reminder.")),
    "invite_to_window": says("window-invited", mark("They are asked by name.")),
}
"""What is said after each act of a window's page."""


def wanted(window: str, form: Form) -> Wanted | None:
    """Read which act a form of this window asks for; None for one there is not."""
    kind = form["act"]
    if kind not in SAID:
        return None
    if kind == "invite_to_window":
        return _inviting(window, form)
    prefix = PREFIXES[kind]
    audience, reason = (form.text(f"{prefix}-{n}") for n in ("audience", "reason"))
    body = body_of(window=window, audience=audience, reason=reason)
    if kind in {"remind_window", "close_window"}:
        return Wanted(kind, body, field=f"{prefix}-reason")
    if kind == "reopen_window":
        body = {**body, "because": form.text("reopen-because") or "other"}
    found = with_length(kind, prefix, form, body)
    if found.missing or reason or kind == "open_window":
        return found
    return Wanted(kind, body, NO_REASON, f"{prefix}-reason")


PREFIXES: Final = {
    "open_window": "open",
    "reopen_window": "reopen",
    "extend_window": "extend",
    "shorten_window": "shorten",
    "close_window": "close",
    "remind_window": "remind",
    "invite_to_window": "invite",
}
"""How the fields of each form begin."""


def _inviting(window: str, form: Form) -> Wanted:
    who = [*dict.fromkeys((form.text("invite-who") or "").replace(",", " ").split())]
    audience = form.text("invite-audience") or form.text("invite-list")
    reason = form.text("invite-reason")
    body = body_of(window=window, audience=audience, who=who, reason=reason)
    if audience is None:
        return Wanted("invite_to_window", body, NO_LIST, "invite-list")
    if not who:
        return Wanted("invite_to_window", body, NOBODY, "invite-who")
    return with_length("invite_to_window", "invite", form, body)
