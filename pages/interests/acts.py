"""What the forms about interests ask for, as commands of the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from domain.state import Dialogue
from language import mark
from pages.dialogue.lengths import Wanted
from pages.dialogue.offers import body_of
from pages.naming import NO_ID, is_id
from pages.said import says
from pages.typing_in import Form

SAID: Final[Mapping[str, str]] = {
    "record_interest": says("interest-recorded", mark("It is on the table.")),
    "withdraw_interest": says(
        "interest-withdrawn", mark("It is off the table; it stays on record.")
    ),
    "relate_interests": says(
        "interests-related", mark("It is on record how these two bear on each other.")
    ),
    "unrelate_interests": says(
        "interests-unrelated", mark("These two have nothing to do with each other.")
    ),
}
"""What is said after each act."""

_NO_TEXT: Final = mark("Write what they want, in their own words if you can.")
_NOBODY: Final = mark("Choose whose interest it is.")
_NO_PAIR: Final = mark("Choose two interests, one and another.")


def wanted(form: Form) -> Wanted | None:
    """Read which act a form asks for; None for one that there is not."""
    read = _READS.get(form["act"])
    return read(form) if read else None


def _recorded(form: Form) -> Wanted:
    priority = form.text("priority")
    body = body_of(
        interest=form.text("interest"),
        stakeholder=form.text("stakeholder"),
        text=form.text("text"),
        kind=form.text("kind"),
        level=form.text("level"),
        priority=int(priority) if priority in {"1", "2", "3", "4", "5"} else None,
        about=form.text("about"),
    )
    for lacking, missing, field in (
        (not is_id(form.text("interest")), NO_ID, "interest"),
        (not form.text("stakeholder"), _NOBODY, "stakeholder"),
        (not form.text("text"), _NO_TEXT, "text"),
    ):
        if lacking:
            return Wanted("record_interest", body, missing, field)
    return Wanted("record_interest", body, field="interest")


def _withdrawn(form: Form) -> Wanted:
    body = body_of(interest=form.text("interest"), reason=form.text("withdraw-reason"))
    return Wanted("withdraw_interest", body, field="withdraw-reason")


def _related(form: Form) -> Wanted:
    one, other = form.text("one"), form.text("other")
    note, kind = form.text("relate-note"), form.text("relation") or "tension"
    body = body_of(one=one, other=other, kind=kind, note=note)
    lacking = "" if one and other and one != other else _NO_PAIR
    return Wanted("relate_interests", body, lacking, "other")


def _unrelated(form: Form) -> Wanted:
    body = body_of(one=form.text("one"), other=form.text("other"))
    return Wanted("unrelate_interests", body)


_READS: Final[Mapping[str, Callable[[Form], Wanted]]] = {
    "record_interest": _recorded,
    "withdraw_interest": _withdrawn,
    "relate_interests": _related,
    "unrelate_interests": _unrelated,
}


def sight(state: Dialogue, interest: str) -> str:
    """Give what somebody decides on: whether such an interest is on the table."""
    return state.interests.get(interest, "")
