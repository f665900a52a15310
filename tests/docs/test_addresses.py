"""The table of addresses for integrators is what the API has, no more and no less."""

from __future__ import annotations

import re

from fastapi.routing import iter_route_contexts

from api.app import make_app
from api.settings import Settings
from tests.docs.test_following import PAGE

DIALOGUE = "/v1/dialogues/{dialogue}"
FOR_PEOPLE = {"/link/{secret}", "/leave"}
"""Addresses that a browser is sent to."""


def told() -> dict[str, set[str]]:
    """Give the methods of each address, as the page has them."""
    found: dict[str, set[str]] = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) != 3 or not set(cells[1].split(", ")) <= {
            "GET",
            "POST",
            "DELETE",
        }:
            continue
        for address in re.findall(r"`([^`]+)`", cells[0]):
            found[address.replace("…", DIALOGUE)] = set(cells[1].split(", "))
    return found


def there() -> dict[str, set[str]]:
    """Give the methods of each address, as the API has them."""
    found: dict[str, set[str]] = {}
    for context in iter_route_contexts(make_app(Settings(database="none")).routes):
        route = context.original_route
        path = str(context.path).replace(":path}", "}")
        methods: set[str] = set(getattr(route, "methods", None) or ())
        found.setdefault(path, set()).update(methods - {"HEAD"})
    return {path: methods for path, methods in found.items() if path not in FOR_PEOPLE}


def test_the_page_has_every_address() -> None:
    """With its methods; and none that is not there."""
    assert told() == there()
