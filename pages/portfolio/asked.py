"""What is asked of the portfolio stands in its address, all of it and nothing else.

What makes no sense there is left out, so that an old address still leads somewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, get_args
from urllib.parse import urlencode

from desk.overseeing import Order, Selection
from pages.typing_in import number_in

View = Literal["list", "time"]

ON_A_PAGE: Final[Mapping[View, int]] = {"list": 40, "time": 16}
"""How many dialogues there are on a page: what it shows of each differs."""

SPANS: Final[Mapping[str, tuple[int, int]]] = {"quarter": (30, 90), "year": (182, 183)}
"""How many days before and after now are looked at, by name."""

_ORDERS: Final[tuple[str, ...]] = get_args(Order)
_LAST: Final = 1_000
_LONG: Final = 100


class Asked(NamedTuple):
    """Which dialogues, how they are shown, and which page of them."""

    selection: Selection
    view: View
    span: str | None
    """How much of time is looked at, by name; None is all of it."""
    number: int
    """Of the page, from 1."""

    @property
    def limit(self) -> int:
        """How many dialogues there are on a page."""
        return ON_A_PAGE[self.view]

    @property
    def offset(self) -> int:
        """How many dialogues come before this page."""
        return (self.number - 1) * self.limit

    def address(self, path: str = "/portfolio", **changes: object) -> str:
        """Give the address of this with changes; the page is the first unless told."""
        told = {**self.parameters(), **changes}
        query = urlencode({k: str(v) for k, v in told.items() if v})
        return f"{path}?{query}" if query else path

    def parameters(self) -> dict[str, object]:
        """Give what stands in the address, without the page; what is usual is not."""
        chosen = self.selection
        order = ("-" if chosen.down else "") + chosen.order
        return {
            "q": chosen.text,
            "status": chosen.status,
            "method": chosen.method,
            "phase": chosen.phase,
            "role": "any" if chosen.role == "" else chosen.role,
            "attention": "1" if chosen.attention else None,
            "overdue": "1" if chosen.overdue else None,
            "sort": None if order == "deadline" else order,
            "view": None if self.view == "list" else self.view,
            "span": self.span if self.view == "time" else None,
        }

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return self.selection._replace(order="deadline", down=False) != Selection()

    @property
    def narrowed(self) -> bool:
        """Whether more is chosen by than a text and a status."""
        return self.selection._replace(text=None, status=None) != Selection()


def read(told: Mapping[str, str]) -> Asked:
    """Read what an address asks for."""
    sort = told.get("sort", "")
    order = sort.removeprefix("-")
    role = _text(told, "role")
    selection = Selection(
        text=_text(told, "q"),
        status=_text(told, "status"),
        method=_text(told, "method"),
        phase=_text(told, "phase"),
        role="" if role == "any" else role,
        attention=bool(told.get("attention")),
        overdue=bool(told.get("overdue")),
        order=order if order in _ORDERS else "deadline",  # pyright: ignore[reportArgumentType]
        down=sort.startswith("-") and order in _ORDERS,
    )
    view: View = "time" if told.get("view") == "time" else "list"
    span = told.get("span")
    return Asked(
        selection,
        view,
        span if span in SPANS else None,
        _number(told.get("page", "")),
    )


def _text(told: Mapping[str, str], name: str) -> str | None:
    found = told.get(name, "").replace("\x00", "").strip()[:_LONG]
    return found or None


def _number(told: str) -> int:
    return max(1, min(number_in(told) or 1, _LAST))
