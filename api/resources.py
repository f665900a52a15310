"""Each list of a dialogue is a row of one table: what GET shows, and what POST sends.

A resource shows rows of the record and takes one command in short form. What concerns
a participant is said here too: which rows, and which of the texts in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from api import views
from api.models import Body, Shown
from api.models.gatherings import MeetingShown
from api.models.harvest import AgreementShown, ReportShown
from api.models.people import EvaluationShown, InterestShown, StakeholderShown
from api.models.short_forms import acting_form
from api.views import View
from domain.entries import Kind
from domain.state import Dialogue


class Concerning(NamedTuple):
    """Which rows concern somebody: one by its id, or those like one of these."""

    id: str | None = None
    like: Sequence[Mapping[str, Any]] | None = None


Chosen = Callable[[Dialogue, str], Concerning]
"""Says of a dialogue and a participant which rows concern them."""


class Resource(NamedTuple):
    """A list of a dialogue under an address of its own.

    ``name`` is the address, ``one`` what one of them is called in names of operations.
    ``own_words`` are the private texts that somebody reads of what concerns them.
    """

    name: str
    one: str
    titles: tuple[str, str, str]
    """What GET of the list, GET of one and POST do, in Dutch."""
    kind: Kind
    shown: type[Shown]
    view: View
    command: str
    takes: type[Body]
    concerning: Chosen
    own_words: frozenset[str]
    beside: Kind | None = None
    """Another list that it is shown with."""


def _roles(state: Dialogue, who: str) -> list[str]:
    return [role for role, holders in state.roles.items() if who in holders]


def _themselves(state: Dialogue, who: str) -> Concerning:
    del state
    return Concerning(id=who)


def _whose(member: str) -> Chosen:
    def chosen(state: Dialogue, who: str) -> Concerning:
        del state
        return Concerning(like=[{member: who}])

    return chosen


def _meetings(state: Dialogue, who: str) -> Concerning:
    del state
    return Concerning(like=[{"invited": [who]}, {"present": [who]}])


def _reports(state: Dialogue, who: str) -> Concerning:
    return Concerning(like=[{"to": [role]} for role in _roles(state, who)])


def _agreements(state: Dialogue, who: str) -> Concerning:
    watched = [{"watched_by": role} for role in _roles(state, who)]
    return Concerning(like=[{"who": who}, {"others": [who]}, *watched])


RESOURCES: Final[tuple[Resource, ...]] = (
    Resource(
        "stakeholders",
        "Stakeholder",
        ("Belanghebbenden", "Eén belanghebbende", "Belanghebbende registreren"),
        "stakeholder",
        StakeholderShown,
        views.stakeholder,
        "register_stakeholder",
        acting_form("StakeholderBody", "register_stakeholder"),
        _themselves,
        frozenset({"name", "organisation", "address", "constituency", "mandate"}),
        "engagement",
    ),
    Resource(
        "interests",
        "Interest",
        ("Belangen", "Eén belang", "Belang vastleggen"),
        "interest",
        InterestShown,
        views.interest,
        "record_interest",
        acting_form("InterestBody", "record_interest"),
        _whose("stakeholder"),
        frozenset({"text"}),
    ),
    Resource(
        "meetings",
        "Meeting",
        ("Bijeenkomsten", "Eén bijeenkomst", "Bijeenkomst plannen"),
        "meeting",
        MeetingShown,
        views.meeting,
        "schedule_meeting",
        acting_form("MeetingBody", "schedule_meeting"),
        _meetings,
        frozenset({"place", "online", "programme", "message"}),
    ),
    Resource(
        "reports",
        "Report",
        ("Verslagen", "Eén verslag", "Verslag publiceren"),
        "report",
        ReportShown,
        views.report,
        "publish_report",
        acting_form("ReportBody", "publish_report"),
        _reports,
        frozenset(),
    ),
    Resource(
        "agreements",
        "Agreement",
        ("Afspraken", "Eén afspraak", "Afspraak maken"),
        "agreement",
        AgreementShown,
        views.agreement,
        "make_agreement",
        acting_form("AgreementBody", "make_agreement"),
        _agreements,
        frozenset({"what", "how"}),
    ),
    Resource(
        "evaluations",
        "Evaluation",
        ("Evaluaties", "Eén evaluatie", "Evaluatie vastleggen"),
        "evaluation",
        EvaluationShown,
        views.evaluation,
        "record_evaluation",
        acting_form("EvaluationBody", "record_evaluation"),
        _whose("by"),
        frozenset({"gained_them"}),
    ),
)
