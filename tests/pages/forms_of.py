"""The forms of a page as a browser would send them: what stands in each field."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_WRITTEN: Final = frozenset({"text", "email", "url"})


@dataclass
class Sent:
    """A form: where it goes, what stands in its fields, and its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict[str, str])
    empty: list[str] = field(default_factory=list[str])
    """The fields in which somebody can write, and nothing stands yet."""
    buttons: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


@dataclass
class _Forms(HTMLParser):
    found: list[Sent] = field(default_factory=list[Sent])
    _area: str = ""
    _select: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Sent(told.get("action", "")))
        elif self.found and "name" in told:
            self._named(tag, told)
        elif self.found and tag == "option" and self._select:
            value = told.get("value", "")
            usual = self.found[-1].fields.setdefault(self._select, value)
            chosen = "selected" in told or not usual
            self.found[-1].fields[self._select] = value if chosen else usual

    def _named(self, tag: str, told: dict[str, str]) -> None:
        form, name, kind = self.found[-1], told["name"], told.get("type", "text")
        if tag == "button":
            form.buttons.append((name, told.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif tag == "input" and kind in {"radio", "checkbox"}:
            if "checked" in told or (kind == "radio" and name not in form.fields):
                form.fields[name] = told.get("value", "on")
        elif tag == "input":
            form.fields[name] = told.get("value", "")
            if kind in _WRITTEN and not form.fields[name]:
                form.empty.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            form = self.found[-1]
            form.fields[self._area] = form.fields[self._area].removeprefix("\n")
            form.empty += [] if form.fields[self._area] else [self._area]
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1].fields[self._area] += data


def forms_of(html: str) -> list[Sent]:
    """Give the forms of a page, in its order."""
    read = _Forms()
    read.feed(html)
    return read.found


def form_for(html: str, act: str) -> Sent:
    """Give the form of which a button does this."""
    return next(
        form
        for form in forms_of(html)
        if any(value == act for _name, value in form.buttons)
        or form.fields.get("act") == act
    )
