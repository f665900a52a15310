"""What going back does to reports, to what was told, to agreements and decisions.

Reports of the steps that no longer stand are retracted, from the last to the first, and
those who were told of them hear so. What was agreed and decided is not ours to undo: it
has to be looked at again by a person. What belongs to no step is looked at too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from domain.harvest_state import Harvest
from domain.notices import About, Act, Told
from domain.outcome_facts import HarvestQuestioned
from domain.reporting_facts import ReportRetracted
from domain.state import Dialogue

_AT_ONCE: Final = 200
"""How many agreements and decisions one event names."""


class OfHarvest(NamedTuple):
    """Something that people were told; ``undoes`` is its id, ``seq`` what told it."""

    seq: int
    step: str
    act: Act
    undoes: str
    recipients: tuple[str, ...]
    of: About


class Questioned(NamedTuple):
    """What falls or has to be looked at again, by id."""

    reports: tuple[str, ...] = ()
    agreements: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


def questioned(state: Dialogue, steps: Collection[str]) -> Questioned:
    """Give what a revisit touches, ``steps`` being all that no longer stand."""
    harvest = state.harvest
    reports = [
        (report.seq, name)
        for name, report in harvest.reports.items()
        if report.step in steps and report.status != "retracted"
    ]
    agreements = harvest.open_agreements().items()
    decisions = harvest.decisions.items()
    touched = {None, *steps}
    return Questioned(
        reports=tuple(name for _, name in sorted(reports, reverse=True)),
        agreements=tuple(
            name
            for name, each in agreements
            if each.step in touched and not each.to_review
        ),
        decisions=tuple(
            name
            for name, each in decisions
            if each.step in touched and not each.annulled and not each.to_review
        ),
    )


def told_of(state: Dialogue, steps: Collection[str]) -> Iterator[OfHarvest]:
    """Give what people were told in steps that no longer stand."""
    harvest = state.harvest
    for name in questioned(state, steps).reports:
        report = harvest.reports[name]
        if report.told and report.step:
            yield OfHarvest(
                report.seq,
                report.step,
                "retract_report",
                name,
                report.told,
                about_report(harvest, name),
            )
    for name, each in harvest.communications.items():
        if each.told and each.step and each.step in steps:
            about = About(
                subject=f"results:{name}", heading=state.title, step=each.step
            )
            yield OfHarvest(each.seq, each.step, "tell", name, each.told, about)


def about_report(harvest: Harvest, name: str, *facts: Told) -> About:
    """Give what a message about a report says: its title, and its step."""
    report = harvest.reports[name]
    return About(
        subject=f"report:{name}", heading=report.title, step=report.step, facts=facts
    )


def facts_of(
    found: Questioned, step: str
) -> Iterator[ReportRetracted | HarvestQuestioned]:
    """Give what happens to the harvest when ``step`` is revisited."""
    for report in found.reports:
        yield ReportRetracted(report=report, by=step, told=(), reason=None)
    count = max(len(found.agreements), len(found.decisions))
    for first in range(0, count, _AT_ONCE):
        yield HarvestQuestioned(
            by=step,
            agreements=found.agreements[first : first + _AT_ONCE],
            decisions=found.decisions[first : first + _AT_ONCE],
        )


def overtaken(harvest: Harvest, notice: str, subject: str) -> str | None:
    """Give what became of a report or an agreement, if a message has been overtaken."""
    kind, _, name = subject.partition(":")
    if kind == "agreement" and notice != "agreement_ended":
        agreement = harvest.agreements.get(name)
        return agreement.settled if agreement else None
    if kind == "report" and notice == "report_published":
        report = harvest.reports.get(name)
        return report.status if report and report.status == "retracted" else None
    return None
