"""Pages: what people see of Polder, made on the server and whole without script.

How to add a page to an area:

1. ``pages/<area>/routes.py`` with ``ROUTE = router()`` (`pages.routing`), which stands
   in `pages.app.ROUTES`. A function is ``async def show(request: Request, visit: Staff,
   dialogue: DialogueName) -> Response`` (`pages.guests`, `api.models`); its first line
   is ``visit.allow("read", dialogue)``.
2. It asks the desk (``visit.desk``), gives what it found to a pure function in
   ``pages/<area>/views.py``, and ends with
   ``return page(request, visit, "<area>/name.html", **facts)`` (`pages.rendering`).
3. The template begins with ``{% extends "base.html" %}`` and fills the blocks ``title``
   and ``main`` (with the only ``<h1>``). Everywhere are known: ``_``, ``lang``,
   ``visit``, ``moment(instant, zone)``, ``day(date)``, ``asset("name.js")``,
   ``fresh_id()``, ``address(**changes)`` (this address with other parameters). Parts
   that change by themselves have ``id`` and ``data-live="<what it is, in words>"``.
4. A form is ``{% from "parts/forms.html" import form, field %}`` and
   ``{% call form("/where", outcome=outcome) %} … {% endcall %}``. Its function takes
   ``typed: Typed`` (`pages.typing_in`) and does ``outcome = await act(visit, request,
   dialogue, "kind", body, typed)`` (`pages.acting`). When ``outcome.taken``:
   ``return go_on(address, KEY, outcome)``; else the same page again, with
   ``status=outcome.status, outcome=outcome, typed=typed``.
5. Errors may leave: `DeskError`, ``Problem`` and the rest become a page that says what
   would help (`pages.telling`).
6. Texts are English keys, in Dutch in ``language/catalogues/nl/pages-<area>.po``.
7. Each route needs a row in ``tests/pages/table.py``.
"""
