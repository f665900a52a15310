"""What the desk answers instead of doing what was asked; each says what would help.

The English text is a template with facts, so that a screen can say the same in
another language (`desk.saying`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from domain.errors import DomainError

if TYPE_CHECKING:
    from domain.state import Dialogue


class DeskError(Exception):
    """The desk could not do what was asked."""

    zone: str | None = None
    """The zone of the dialogue it is about, to tell moments by its wall clock."""

    roles: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    """What the roles of that dialogue are called, by language."""

    def about(self, state: Dialogue | None) -> Self:
        """Know the dialogue it is about."""
        if state is not None:
            self.zone = state.zone
            self.roles = {r.id: {**r.title} for r in state.plan.roles}
        return self

    def __init__(self, template: str, **facts: str | int) -> None:
        """Fill the facts into the template."""
        self.template = template
        self.facts = facts
        super().__init__(template.format(**facts) if facts else template)


class Refused(DeskError):
    """The dialogue refused the command; nothing has changed.

    ``name`` is the domain error's name, ``facts`` what it is about: enough to say
    the same in another language.
    """

    def __init__(
        self,
        name: str,
        message: str,
        facts: Mapping[str, str | int] | None = None,
        *,
        template: str | None = None,
    ) -> None:
        """Keep the refusal's name and facts, and what its message was made from."""
        super().__init__(message)
        self.name = name
        self.facts = dict(facts or {})
        self.template = template or message

    @classmethod
    def of(cls, error: DomainError) -> Self:
        """Give the refusal that a domain error is."""
        return cls(type(error).__name__, str(error), error.facts)


class NotFound(DeskError):
    """There is nothing under this name."""


class Unreachable(DeskError):
    """A server could not be reached, or gave no answer in time.

    A command may still be carried out then: ask again with the same id.
    """
