"""The harvest: every command and event about what a dialogue brings."""

from __future__ import annotations

from domain.agreement_facts import AgreementCommand, AgreementEvent
from domain.outcome_facts import OutcomeCommand, OutcomeEvent
from domain.reporting_facts import ReportingCommand, ReportingEvent

HarvestCommand = ReportingCommand | OutcomeCommand | AgreementCommand
HarvestEvent = ReportingEvent | OutcomeEvent | AgreementEvent
