"""A method is written as the file that gives it back: what is read is what was there.

Defaults are left out. Text that the reader would take for something else stands in
quotes, and no part refers to another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from domain.method import Method

_WIDTH: Final = 88
_UNUSUAL: Final = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe]")
"""What is only safe between double quotes, as an escape."""


def written(method: Method, remarks: Iterable[str] = ()) -> str:
    """Write a method as YAML, with remarks above it, each a line of comment."""
    above = "".join(f"# {line}".rstrip() + "\n" for line in remarks)
    data = method.model_dump(mode="json", exclude_defaults=True)
    told = _in_order(data, method.languages)
    return above + yaml.dump(
        told, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH
    )


def _in_order(data: object, languages: Sequence[str]) -> object:
    """Give data with each text in the order of the method's languages."""
    if isinstance(data, list):
        return [_in_order(each, languages) for each in cast("list[object]", data)]
    if not isinstance(data, dict):
        return data
    members = cast("dict[str, object]", data)
    if members.keys() <= {*languages}:
        return {name: members[name] for name in languages if name in members}
    return {name: _in_order(each, languages) for name, each in members.items()}


class _Dumper(yaml.SafeDumper):
    """A writer of what `methods.yaml_tree` reads."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  (its signature)
        """Write each part out in full, also one that is there twice."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  (its signature)
        """Indent lists as the methods that Polder ships do."""
        super().increase_indent(flow, indentless=False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    tag = "tag:yaml.org,2002:str"
    if _UNUSUAL.search(text):
        return dumper.represent_scalar(tag, text, style='"')
    return dumper.represent_scalar(tag, text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
