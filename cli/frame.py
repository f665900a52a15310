"""A command is a coroutine with what it takes and what help says about it.

Commands register themselves; `build` makes the program of them. Each gets the options
that every command has, and its answer is written as JSON or as a page.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from cli.page import Page, Result, write_json
from cli.settings import Call
from cli.speech import _, in_help
from language import mark


class Spec(NamedTuple):
    """A command of the program."""

    group: str
    name: str
    help: str
    examples: tuple[str, ...]
    run: Callable[..., Awaitable[Result | int]]
    takes: tuple[inspect.Parameter, ...]


class Command(TyperCommand):
    """A command whose help page is in the language of this run, to the last word."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  (typer keeps its type to itself)
        """Give the help page."""
        return in_help(super().get_help(ctx))


class Group(TyperGroup):
    """A group whose help page is in the language of this run."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  (typer keeps its type to itself)
        """Give the help page."""
        return in_help(super().get_help(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """List the commands; the many on dialogues by what they are for."""
        from cli.sections import SECTIONS

        if self.name != "dialogue":
            super().format_commands(ctx, formatter)
            return
        wide = max(map(len, self.commands))
        limit = formatter.width - 6 - wide
        for heading, names in SECTIONS.items():
            found = [(name, self.commands[name]) for name in names]
            rows = [(n.ljust(wide), c.get_short_help_str(limit)) for n, c in found]
            with formatter.section(_(heading)):
                formatter.write_dl(rows)


COMMANDS: Final[list[Spec]] = []

GROUPS: Final = {
    "case": mark("Real cases that come along, to play and to learn from."),
    "method": mark("Methods: which there are, what they ask, and your own."),
    "dialogue": mark("Dialogues: start one, act in it, read it."),
    "audit": mark("The record: read it, check it, take it home."),
    "audit key": mark("The log's key: show it, or take a new one."),
    "organisation": mark("All windows of an organisation at once: stop, go on."),
    "audit hold": mark("Legal holds: place one, lift it, see which stand."),
    "mandate": mark("Mandates: who may act in whose name, and since when."),
    "token": mark("Tokens for the HTTP API: make, list and revoke them."),
    "participant": mark("Participants: a personal way in for one person."),
    "session": mark("Sessions: who of the staff is in, and ending them."),
    "subscription": mark("Events out: who is told of what, and how that goes."),
    "events": mark("Events as they come: listen to them."),
    "private": mark("Private texts, for systems that send signals."),
    "db": mark("The database of the record."),
    "cluster": mark("What a Temporal cluster needs to know."),
}


def command(
    group: str, name: str, text: str, *examples: str
) -> Callable[[Callable[..., Awaitable[Result | int]]], Any]:
    """Register a coroutine as the command ``group name`` (``""``: at the top)."""

    def register(run: Callable[..., Awaitable[Result | int]]) -> Any:  # noqa: ANN401
        signature = inspect.signature(run, eval_str=True)
        takes = tuple(p for p in signature.parameters.values() if p.name != "call")
        COMMANDS.append(Spec(group, name, text, examples, run, takes))
        return run

    return register


Home = Annotated[
    str | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help=mark("Directory with everything embedded (POLDER_HOME; default .polder)."),
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database-url", metavar="URL", help=mark("The record (DATABASE_URL).")
    ),
]
Temporal = Annotated[
    str | None,
    typer.Option(
        "--temporal-address", metavar="HOST:PORT", help=mark("(TEMPORAL_ADDRESS)")
    ),
]
Namespace = Annotated[
    str | None,
    typer.Option("--namespace", metavar="NAME", help=mark("(TEMPORAL_NAMESPACE)")),
]
Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        help=mark("Ask that Polder, over HTTP (POLDER_SERVER)."),
    ),
]
Token = Annotated[
    str | None,
    typer.Option(
        "--token",
        metavar="TOKEN",
        help=mark("Who asks there (POLDER_TOKEN, which other users can't see)."),
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help=mark("One JSON document instead of text."))
]
Lang = Annotated[
    str | None,
    typer.Option(
        "--lang", metavar="nl|en", help=mark("Language of texts (POLDER_LANG).")
    ),
]

_COMMON: Final = {
    "in_home": Home,
    "in_database": Database,
    "in_temporal": Temporal,
    "in_namespace": Namespace,
    "in_server": Server,
    "in_token": Token,
    "in_lang": Lang,
}


def build(
    carry_out: Callable[[Awaitable[int]], int], said: frozenset[str] | None = None
) -> typer.Typer:
    """Make the program; ``carry_out`` runs a command and gives its exit code.

    With the words that were ``said`` only the commands that can be meant are whole:
    of the others help needs no more than name and text, and of other groups nothing.
    """
    settings: dict[str, Any] = {
        "no_args_is_help": True,
        "rich_markup_mode": None,
        "pretty_exceptions_enable": False,
        "context_settings": {"help_option_names": ["--help", "-h"]},
    }
    top = typer.Typer(
        name="polder",
        help=_(_ABOUT),
        add_completion=False,
        epilog=_ends(),
        cls=Group,
        **settings,
    )
    top.callback()(lambda: None)
    groups = {"": top}
    for name, text in GROUPS.items():
        groups[name] = typer.Typer(help=_(text), cls=Group, **settings)
        parent, _space, last = name.rpartition(" ")
        groups[parent].add_typer(groups[name], name=last)
    for spec in COMMANDS:
        if said is not None and not said >= set(spec.group.split()):
            continue
        whole = said is None or spec.name in said
        groups[spec.group].command(
            spec.name,
            help=_(spec.help),
            short_help=_(spec.help),
            epilog=_epilog(spec),
            cls=Command,
        )(_runnable(spec, carry_out) if whole else _named_only)
    return top


def _named_only() -> None:
    """Stand for a command that nobody asked for: help lists its name."""


_ABOUT: Final = mark(
    "Polder runs stakeholder dialogues that stay on course for years, "
    "with a record that outsiders can check."
)


def _ends() -> str:
    codes = _(
        "Exit codes: 0 done, 1 not sound, 2 wrong use, 3 not found, 4 refused, "
        "5 unreachable, 6 undecided."
    )
    first = _("First time: polder demo. After that: polder up.")
    where = _("Of a Polder elsewhere: polder --server URL --token TOKEN dialogue list.")
    return f"{first}\n\n{where}\n\n{codes}"


def _epilog(spec: Spec) -> str | None:
    if not spec.examples:
        return None
    lines = "\n".join(f"  {example}" for example in spec.examples)
    return f"\b\n{_('Examples')}:\n{lines}"


def _runnable(spec: Spec, carry_out: Callable[[Awaitable[int]], int]) -> Any:  # noqa: ANN401
    def run(**given: Any) -> int:  # noqa: ANN401
        call = Call(
            home_path=given.pop("in_home"),
            database=given.pop("in_database"),
            temporal=given.pop("in_temporal"),
            namespace=given.pop("in_namespace"),
            server=given.pop("in_server"),
            token=given.pop("in_token"),
            json=given.pop("in_json"),
        )
        given.pop("in_lang")
        code = carry_out(_answered(spec, call, given))
        raise typer.Exit(code)

    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [_in_words(p.replace(kind=keyword)) for p in spec.takes]
    more = [
        inspect.Parameter(name, keyword, default=None, annotation=kind)
        for name, kind in _COMMON.items()
    ]
    as_json = inspect.Parameter("in_json", keyword, default=False, annotation=AsJson)
    all_of_it = [*own, *(_in_words(p) for p in (as_json, *more))]
    run.__signature__ = inspect.Signature(all_of_it)  # type: ignore[attr-defined]
    run.__annotations__ = {}
    return run


async def _answered(spec: Spec, call: Call, given: dict[str, Any]) -> int:
    from cli.remote import carried_out_by

    answer = await carried_out_by(spec, call, given)(call, **given)
    if isinstance(answer, int):
        return answer
    if call.json:
        write_json(answer.data)
    else:
        answer.show(Page())
    return answer.code


def _in_words(parameter: inspect.Parameter) -> inspect.Parameter:
    """Give a parameter with its help in the language of this run."""
    kind = parameter.annotation
    told = [
        _translated(m) if isinstance(m, typer.models.ParameterInfo) else m
        for m in getattr(kind, "__metadata__", ())
    ]
    if not told:
        return parameter
    return parameter.replace(annotation=Annotated[kind.__origin__, *told])


def _translated(info: Any) -> Any:  # noqa: ANN401
    mine = copy.copy(info)
    mine.help = _(info.help) if info.help else info.help
    return mine
