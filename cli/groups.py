"""All commands of the program, in the order in which help lists them."""

from __future__ import annotations

from importlib import import_module
from typing import Final

MODULES: Final = (
    "cli.up",
    "cli.serving",
    "cli.entering",
    "cli.cases",
    "cli.about",
    "cli.today",
    "cli.method",
    "cli.directing",
    "cli.dialogue",
    "cli.dossier",
    "cli.motivation",
    "cli.acting",
    "cli.plans",
    "cli.people",
    "cli.people_in",
    "cli.meetings",
    "cli.interests",
    "cli.answers",
    "cli.harvest",
    "cli.mandate",
    "cli.token",
    "cli.linking",
    "cli.participant",
    "cli.session",
    "cli.exceptions",
    "cli.audit",
    "cli.audit_pack",
    "cli.publishing",
    "cli.past",
    "cli.exporting",
    "cli.organisation",
    "cli.keys",
    "cli.erase",
    "cli.hold",
    "cli.destroy",
    "cli.reconcile",
    "cli.subscription",
    "cli.subscription_care",
    "cli.listening",
    "cli.operating",
    "cli.backup",
)


def load() -> None:
    """Import the modules whose commands register themselves."""
    for name in MODULES:
        import_module(name)
