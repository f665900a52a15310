"""All routes of ``/v1``, one module for a noun.

How to add one:

1. Make ``api/routes/<noun>.py`` with ``ROUTE = router("Tag in Dutch")`` (`api.routing`)
   and append the router to `ROUTERS` below. Paths are without ``/v1``:
   ``@ROUTE.get("/dialogues/{dialogue}/windows", operation_id="listWindows")``.
   Give each route ``operation_id`` (camelCase, unique), ``summary`` (Dutch), and a
   docstring (Dutch), which is its description in OpenAPI.
2. Take ``visit: Visiting`` (`api.security`): 401 and 429 come by themselves, before
   the body is read. First line of the body: ``visit.allow("read", dialogue)``. It
   raises 404 or 403. ``visit.desk`` is the desk behind the organisation's wall,
   ``visit.caller`` who calls, ``visit.sender()`` the ``Sender`` of a command,
   ``visit.lang`` the language to answer in. A public route takes ``Serving`` instead.
3. Path parameter of a dialogue: ``dialogue: DialogueName`` (`api.models`); a body:
   a model under ``Body``, an answer: under ``Shown`` (camelCase, unknown members and
   query parameters → 400, nulls left out: all by themselves).
4. Errors: let `DeskError` (NotFound, Refused, Unreachable …) leave; or raise
   ``Problem(status, "CamelName", mark("Text with {facts}."), facts=…)`` of
   `api.problems`; several mistakes at once: ``bad_input(Mistake(…), …)``. Texts are
   marked English with a line in ``nl.po``.
5. Another media type than JSON: ``responses={200: {"content": {"text/calendar": {}}}}``
   and return a ``Response``; ``Accept`` is checked against it (406).
6. Answers without end: stop when ``visit.service.stopping`` is set. What your area
   keeps open for the whole app goes in ``visit.service.open["name"]``.
7. Your route needs a row in tests/api/test_matrix.py. Fixtures for your tests are in
   tests/api/conftest.py: ``api.get("/v1/…", headers=bearer("director"))``.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from api.routes import (
    audit,
    cases,
    commands,
    deliveries,
    dialogues,
    events,
    glancing,
    health,
    links,
    meta,
    methods,
    overviews,
    plan,
    private,
    resources,
    subscriptions,
    tasks,
    windows,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    dialogues.ROUTE,
    glancing.ROUTE,
    commands.ROUTE,
    private.ROUTE,
    methods.ROUTE,
    meta.ROUTE,
    events.ROUTE,
    audit.ROUTE,
    overviews.ROUTE,
    tasks.ROUTE,
    plan.ROUTE,
    windows.ROUTE,
    resources.ROUTE,
    cases.ROUTE,
    cases.REPORTS,
    subscriptions.ROUTE,
    deliveries.ROUTE,
)

OUTSIDE: Final[tuple[APIRouter, ...]] = (
    health.ROUTE,
    links.ROUTE,
    meta.OUTSIDE,
)
"""What lies outside ``/v1``."""
