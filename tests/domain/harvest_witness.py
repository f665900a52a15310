"""Keeps account of reports and promises apart from the core: who heard, what is due."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from domain.agreement_facts import (
    AgreementExtended,
    AgreementMade,
    AgreementReminded,
    AgreementSettled,
    RemindAgreement,
)
from domain.alarms import due
from domain.events import (
    AnyEvent,
    CompensationPlanned,
    DialogueArchived,
    StepRevisited,
)
from domain.reporting_facts import ReportPublished, ReportRetracted, ResultsCommunicated
from domain.state import Dialogue


class HarvestWitness:
    """The account so far: the last that each person heard of each chain of reports."""

    def __init__(self) -> None:
        self.heard: dict[str, set[str]] = defaultdict(set)
        self.stands: dict[str, str | None] = {}
        self.falls: set[str] = set()
        self.to_tell: dict[str, set[str]] = {}
        self.promised: dict[str, datetime | None] = {}
        self.overdue: set[str] = set()
        self.parts: dict[str, set[str]] = {}
        self.made_by: dict[str, set[str]] = {}

    def sees(self, data: AnyEvent, before: Dialogue | None) -> None:
        """Take one event into account, and check what must hold of it."""
        self._of_reports(data)
        self._of_promises(data)
        match data:
            case StepRevisited():
                steps = {data.step, *data.voids}
                self.falls = {r for r, step in self.stands.items() if step in steps}
                self.to_tell = {r: self.heard[r] for r in self.falls if self.heard[r]}
            case DialogueArchived() if before is not None:
                said = data.reason is not None
                open_ = self.promised or before.harvest.feedback
                assert said or not open_, "promises are watched or their end explained"
            case _:
                pass

    def _of_reports(self, data: AnyEvent) -> None:
        match data:
            case ReportPublished():
                if data.supersedes is not None:
                    self.heard[data.supersedes] -= set(data.told)
                self.heard[data.report] |= set(data.told)
                self.stands[data.report] = data.step
            case ResultsCommunicated():
                for report in data.about:
                    self.heard[report] |= set(data.told)
            case ReportRetracted(report=name):
                if data.by is None:
                    assert set(data.told) == self.heard[name], "who heard hears again"
                    self.heard[name] = set()
                else:
                    assert name in self.falls, "a report falls with its step"
                    self.falls.remove(name)
                del self.stands[name]
            case CompensationPlanned(of=of) if of and of.subject.startswith("report:"):
                told = self.to_tell[data.undoes]
                assert set(data.recipients) <= told, "who heard hears again"
                told -= set(data.recipients)
            case _:
                pass

    def _of_promises(self, data: AnyEvent) -> None:
        match data:
            case AgreementMade() | AgreementExtended():
                if isinstance(data, AgreementMade) and data.others:
                    self.made_by[data.agreement] = {data.who, *data.others}
                    self.parts[data.agreement] = {data.who, *data.others}
                self.promised[data.agreement] = data.due
                self.overdue.discard(data.agreement)
            case AgreementReminded():
                left = self.parts.get(data.agreement)
                assert left is None or left <= set(data.told), "all who owe it hear"
                if data.overdue:
                    self.overdue.add(data.agreement)
            case AgreementSettled() if self._leaves_parts(data):
                assert data.next_due is None, "it is open until the last part"
            case AgreementSettled():
                self.overdue.discard(data.agreement)
                self.promised[data.agreement] = data.next_due
                if data.next_due is None:
                    del self.promised[data.agreement]
            case _:
                pass

    def _leaves_parts(self, data: AgreementSettled) -> bool:
        """Take away the parts that were settled; tell whether others are left."""
        name = data.agreement
        if name not in self.parts:
            assert not data.parties, "one alone has no parts"
            return False
        assert data.parties, "it is said whose part it was"
        assert set(data.parties) <= self.parts[name], "a part is settled once"
        self.parts[name] -= set(data.parties)
        if self.parts[name]:
            return True
        self.parts[name] = set(self.made_by[name])
        return False

    def looks_at(self, state: Dialogue) -> None:
        """Check what must hold of a state between two commands."""
        assert not self.falls, "a report falls with its step"
        assert not any(self.to_tell.values()), "who heard hears again"
        open_ = state.harvest.open_agreements()
        assert open_.keys() == self.promised.keys(), "a promise is open or settled"
        for name, agreement in open_.items():
            left = self.parts.get(name, {agreement.who})
            assert set(agreement.waiting) == left, "each part is open or settled"
        for report, found in state.harvest.reports.items():
            retracted = report not in self.stands
            assert (found.status == "retracted") == retracted
            assert retracted or set(found.told) == self.heard[report]
        if state.status != "archived":
            self._look_at_alarms(state)

    def _look_at_alarms(self, state: Dialogue) -> None:
        last = datetime.max.replace(tzinfo=state.started.tzinfo)
        rings = {
            command.agreement
            for _, command in due(state, last)
            if isinstance(command, RemindAgreement)
        }
        dated = {name for name, day in self.promised.items() if day is not None}
        assert rings == dated - self.overdue, "a promise is watched to its last day"
