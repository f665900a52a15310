"""A server that can't be reached or used is told as such, with what would help."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from desk.errors import Unreachable
from language import mark
from storage.errors import KeysUnavailable, SchemaMismatch, SetUpByAnother, Unavailable

NO_TEMPORAL: Final = mark(
    "Temporal at {address} does not answer. Start it with polder up, or set "
    "TEMPORAL_ADDRESS."
)
NO_RECORD: Final = mark(
    "The record does not answer: {problem}. Start it with polder up, or set "
    "DATABASE_URL. A command may have been carried out all the same: send it again "
    "with the same id to find out."
)
NO_KEYS: Final = mark(
    "The keys of private texts can't be reached: {problem}. Nothing was sent; set "
    "KEYS_DATABASE_URL if they are elsewhere, and try again."
)
NO_SCHEMA: Final = mark(
    "The database is not set up for this program: {problem}. Run polder db migrate."
)

OTHER_VERSION: Final = mark(
    "Another version of Polder set up the database: here migration {number} is "
    "otherwise, or missing. Run that version, or a newer one."
)


@contextmanager
def reaching(silent: str | None = None) -> Generator[None]:
    """Let what storage answers where it can't be used leave as `Unreachable`.

    ``silent`` is told of any database that does not answer, instead of which one it is.
    """
    try:
        yield
    except SetUpByAnother as error:
        raise Unreachable(OTHER_VERSION, number=error.number) from error
    except SchemaMismatch as error:
        raise Unreachable(NO_SCHEMA, problem=one_line(error)) from error
    except Unavailable as error:
        which = NO_KEYS if isinstance(error, KeysUnavailable) else NO_RECORD
        raise Unreachable(silent or which, problem=one_line(error)) from error


def one_line(error: Exception) -> str:
    """Give an error's message on one line, without a full stop."""
    return " ".join(str(error).split()).rstrip(".")
