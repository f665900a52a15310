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
from desk.entries import EntryRow
from desk.setting import Setting
from domain.entries import Kind


class Concerning(NamedTuple):
    """Which rows concern somebody: one by its id, or those like one of these."""

    id: str | None = None
    like: Sequence[Mapping[str, Any]] | None = None


Chosen = Callable[[Setting, str], Concerning]
"""Says of a dialogue and a participant which rows concern them."""


class Beside(NamedTuple):
    """Rows of another list that rows are shown with: by their ids, or their members."""

    kind: Kind
    ids: Sequence[str] | None = None
    like: Sequence[Mapping[str, Any]] | None = None


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
    beside: Callable[[Sequence[EntryRow]], Beside] | None = None
    """What a page of it is shown with."""


def _levels(rows: Sequence[EntryRow]) -> Beside:
    kinds = {f"kind:{row.data['kind']}" for row in rows if row.data.get("kind")}
    return Beside("engagement", [*kinds, *(f"stakeholder:{row.id}" for row in rows)])


def _relations(rows: Sequence[EntryRow]) -> Beside:
    like = [{side: row.id} for row in rows for side in ("one", "other")]
    return Beside("relation", like=like)


def _roles(setting: Setting, who: str) -> list[str]:
    return [role for role, holders in setting.roles.items() if who in holders]


def _themselves(setting: Setting, who: str) -> Concerning:
    del setting
    return Concerning(id=who)


def _whose(member: str) -> Chosen:
    def chosen(setting: Setting, who: str) -> Concerning:
        del setting
        return Concerning(like=[{member: who}])

    return chosen


def _meetings(setting: Setting, who: str) -> Concerning:
    del setting
    return Concerning(like=[{"invited": [who]}, {"present": [who]}])


def _reports(setting: Setting, who: str) -> Concerning:
    return Concerning(like=[{"to": [role]} for role in _roles(setting, who)])


def _agreements(setting: Setting, who: str) -> Concerning:
    watched = [{"watched_by": role} for role in _roles(setting, who)]
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
        _levels,
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
        _relations,
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
