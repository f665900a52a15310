"""The harvest: what a dialogue brings and what is promised, each by its own area."""

from __future__ import annotations

from domain import agreements, outcomes, reporting
from domain.agreement_facts import AgreementCommand
from domain.draft import Draft
from domain.harvest_facts import HarvestCommand
from domain.reporting_facts import ReportingCommand


def obey(draft: Draft, command: HarvestCommand) -> None:
    """Obey a command about the harvest, or raise a `DomainError`."""
    if isinstance(command, ReportingCommand):
        reporting.obey(draft, command)
    elif isinstance(command, AgreementCommand):
        agreements.obey(draft, command)
    else:
        outcomes.obey(draft, command)
