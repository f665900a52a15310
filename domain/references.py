"""What a dialogue leans on that is kept elsewhere, named by its hash."""

from __future__ import annotations

from domain.facts import Fact, Hash


class MethodRef(Fact):
    """A method by id, version and the SHA-256 of its compiled form."""

    id: str
    version: str
    hash: Hash
