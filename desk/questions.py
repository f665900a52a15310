"""What somebody asks of the sealed record, in a form that can be asked again."""

from __future__ import annotations

import shlex
from typing import Any, NamedTuple

from desk.desk import Sender
from desk.reads import EVERYTHING
from domain.facts import written
from storage.past import Filters, Scope

__all__ = ["Filters", "Question", "Scope"]


class Question(NamedTuple):
    """What somebody wants to have out of the record."""

    scope: Scope
    filters: Filters
    by: Sender
    erased: bool = False
    """Only events with fields that were erased."""
    opened: bool = False
    size: int | None = None
    """Within the checkpoint of this size; None: the newest."""

    @property
    def target(self) -> str:
        """What the log of reads calls it."""
        return self.scope.stream or self.scope.organisation or EVERYTHING

    @property
    def told(self) -> dict[str, Any]:
        """The filters as JSON, without those that leave nothing out."""
        chosen = self.filters
        every: dict[str, Any] = {
            "type": list(chosen.types or ()),
            "actor": list(chosen.actors or ()),
            "mandate": chosen.mandate,
            "from": written(chosen.since) if chosen.since else None,
            "until": written(chosen.until) if chosen.until else None,
            "late": chosen.late,
            "erased": self.erased,
        }
        return {name: value for name, value in every.items() if value}

    def command(self, verb: str, size: int, *more: str) -> str:
        """Give the command that asks the same again, of the same checkpoint."""
        words = [] if self.target == EVERYTHING else [self.target]
        for name, value in self.told.items():
            if value is True:
                words.append(f"--{name}")
            else:
                several: list[str] = [value] if isinstance(value, str) else [*value]
                words += [word for each in several for word in (f"--{name}", each)]
        if not words or words[0].startswith("--"):
            words.insert(0, "--all")
        opened = ["--open"] if self.opened else []
        asked = [*words, "--checkpoint", str(size), *opened, "--as", self.by.id, *more]
        return f"polder audit {verb} {shlex.join(asked)}"
