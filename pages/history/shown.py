"""A page of an auditor: its head and tabs, and nothing that reads by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from api.security import Visit
from pages.dialogue.head import Head
from pages.history.tabs import tabs
from pages.rendering import page


def shown(
    request: Request,
    visit: Visit,
    head: Head,
    name: str,
    facts: Mapping[str, Any],
    *,
    status: int = 200,
) -> Response:
    """Show ``history/<name>.html``.

    It does not follow events: each time that it would ask for itself anew would stand
    in the log of reads as somebody's read.
    """
    return page(
        request,
        visit,
        f"history/{name}.html",
        status=status,
        head=head,
        tabs=tabs(visit, head.stream),
        follows=None,
        **facts,
    )
