"""Reading docker-compose.yml as Compose reads it: variables filled in, then YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "docker-compose.yml"

_VARIABLE = re.compile(
    r"\$(?:(?P<dollar>\$)"
    r"|\{(?P<name>\w+)(?:(?P<how>:?[-?])(?P<rest>[^}]*))?\}"
    r"|(?P<bare>\w+))"
)


PASSWORDS = {
    "POLDER_DB_PASSWORD": "p@ss: w/ord?#%'",
    "POLDER_WORKER_PASSWORD": "$another\\: o'ne",
    "TEMPORAL_DB_PASSWORD": "th/ird@one",
    "POLDER_KEYS_DB_PASSWORD": 'f:o/u"rth',
    "POLDER_KEYS_PASSWORD": "'fi fth\\",
    "POLDER_API_PASSWORD": "'s%69xth=@/",
    "POLDER_API_KEYS_PASSWORD": "se'v e:n\\th",
}
"""What nobody would choose and everybody may."""

REQUIRED = PASSWORDS | {
    "SMTP_URL": "smtp://mail.example.org:587",
    "POLDER_MAIL_FROM": "Polder <polder@example.org>",
}
"""Every variable without which nothing starts."""


class MissingVariable(Exception):
    """A variable that the file requires is not set."""


def interpolate(text: str, variables: Mapping[str, str]) -> str:
    """Fill in variables by the rules of the Compose specification, section 12.

    Handles what the file uses: `$$`, `${NAME}`, `${NAME:-default}` and
    `${NAME:?message}`. Raises `MissingVariable` with the name.
    """

    def value(found: re.Match[str]) -> str:
        if found["dollar"]:
            return "$"
        name = found["name"] or found["bare"]
        given = variables.get(name, "")
        if given or not found["how"]:
            return given
        if found["how"].endswith("?"):
            raise MissingVariable(name)
        return found["rest"]

    return _VARIABLE.sub(value, text)


def load(variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The file's content; without `variables` as it stands, with them filled in."""
    raw = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))
    filled = raw if variables is None else _filled_in(raw, variables)
    return cast("dict[str, Any]", filled)


def _filled_in(value: object, variables: Mapping[str, str]) -> object:
    match value:
        case str():
            return interpolate(value, variables)
        case dict():
            members = cast("dict[str, object]", value)
            return {key: _filled_in(each, variables) for key, each in members.items()}
        case list():
            return [_filled_in(each, variables) for each in cast("list[object]", value)]
        case _:
            return value


def texts(value: object) -> Iterator[str]:
    """Every text in a document, at any depth."""
    match value:
        case str():
            yield value
        case dict():
            for each in cast("dict[str, object]", value).values():
                yield from texts(each)
        case list():
            for each in cast("list[object]", value):
                yield from texts(each)
        case _:
            pass
