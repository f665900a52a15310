"""Wishes about the plan: changes of all kinds, tracks, and other versions."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from domain.commands import AnyCommand
from domain.method import Method
from domain.plan_facts import AmendPlan, CloseTrack, MigrateMethod, OpenTrack
from tests.domain.changes import a_step, add_item, changes, titled
from tests.domain.story import SAID, trial
from tests.domain.versions import altered, to, with_item, without

_PLAN: Final = trial().method
TRACKS: Final = ("north", "south")
_ADDED: Final = ("walk", "tea")
_EVERY: Final = (
    *_PLAN.steps,
    *_ADDED,
    *(f"{step}--{track}" for step in _PLAN.steps for track in TRACKS),
)

_known = st.sampled_from((*_PLAN.steps,))
_steps = st.sampled_from((*_EVERY, "nowhere"))
_some = st.lists(_known, min_size=1, max_size=3, unique=True).map(tuple)
_inside = (f"{name}.{n}" for name in _EVERY for n in ("more", "list", "wish", "notes"))
_items = st.sampled_from((*_inside, *_PLAN.items))
_planned = (name for name in _PLAN.windows if name.count(".") == 1)
_windows = st.sampled_from((*_planned, "meet.letters"))


def _with(kind: str, **members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Give changes of a kind with these members."""
    return st.fixed_dictionaries({"change": st.just(kind), **members})


_told: Final = st.one_of(
    st.builds(add_item, _steps, st.sampled_from(("more", "list"))),
    st.builds(add_item, _steps, st.just("free"), required=st.just(value=False)),
    _with("drop_item", item=_items),
    _with(
        "change_item",
        item=_items,
        to=st.fixed_dictionaries({"required": st.booleans()}),
    ),
    _with(
        "add_step",
        after=_steps,
        step=st.builds(a_step, st.sampled_from(_ADDED)),
        then=st.lists(_known, max_size=1),
    ),
    _with("drop_step", step=_steps),
    _with("move_step", step=_steps, after=_steps),
    _with(
        "change_step",
        step=_steps,
        to=st.fixed_dictionaries({"needs": st.lists(_known, max_size=2)}),
    ),
    _with(
        "add_window",
        step=_steps,
        window=st.just(
            titled("letters", audience="panel", duration={"working_days": 2})
        ),
    ),
    _with(
        "change_window",
        window=_windows,
        to=st.fixed_dictionaries({"required": st.booleans()}),
    ),
    _with("drop_window", window=_windows),
)


def about(plan: Method, steps: list[str], number: int) -> st.SearchStrategy[Any]:
    """Give changes about parts that a plan has, in these steps; new ones numbered."""
    here = st.sampled_from(steps)
    items = [name for name in plan.items if name.split(".")[0] in steps]
    windows = [
        name
        for name in plan.windows
        if name.split(".")[0] in steps and name.count(".") == 1
    ]
    kinds = [
        st.builds(add_item, here, st.just(f"i{number}")),
        _with("add_step", after=here, step=st.just(a_step(f"s{number}"))),
        _with("move_step", step=here, after=st.sampled_from([*plan.steps])),
        _with("drop_step", step=here),
    ]
    if items:
        chosen = st.sampled_from(items)
        required = st.fixed_dictionaries({"required": st.booleans()})
        kinds += [
            _with("drop_item", item=chosen),
            _with("change_item", item=chosen, to=required),
        ]
    if windows:
        chosen = st.sampled_from(windows)
        late = st.fixed_dictionaries({"late": st.sampled_from(("accept", "refuse"))})
        kinds += [
            _with("drop_window", window=chosen),
            _with("change_window", window=chosen, to=late),
        ]
    return st.one_of(kinds)


amendments: st.SearchStrategy[AmendPlan] = st.lists(_told, min_size=1, max_size=4).map(
    lambda told: AmendPlan(changes=changes(*told), reason=SAID)
)

tracks: st.SearchStrategy[OpenTrack] = st.builds(
    OpenTrack,
    track=st.sampled_from(TRACKS),
    title=st.just("Track"),
    steps=_some,
    joins=st.none() | st.lists(_known, max_size=2, unique=True).map(tuple),
    instead=st.booleans(),
    reason=st.just(SAID),
)
closings: st.SearchStrategy[CloseTrack] = st.builds(
    CloseTrack, track=st.sampled_from(TRACKS), reason=st.none() | st.just(SAID)
)


@cache
def versions() -> tuple[Method, ...]:
    """Give versions to go over to: reworded, without a step, renamed, with an item."""
    roster = {"id": "roster", "title": {"en": "A roster"}}
    return (
        altered(),
        without("extra"),
        without("invite"),
        without(invite="bid", meet="gather"),
        with_item("invite", roster, drop="list"),
        with_item("brief", roster, drop="wish"),
    )


_mappings: Final[tuple[dict[str, str | None], ...]] = (
    {},
    {"invite": "bid", "meet": "gather"},
    {"extra": None},
    {"invite": None},
    {"invite.list": "invite.roster"},
    {"invite.list": None, "brief.wish": None},
    {"walk": None, "brief.more": None},
)


def _going_over(
    number: int, mapping: dict[str, str | None], amendments: str
) -> MigrateMethod:
    wish = to(versions()[number], mapping)
    return wish.model_copy(update={"amendments": amendments})


migrations: st.SearchStrategy[MigrateMethod] = st.builds(
    _going_over,
    st.integers(0, 5),
    st.sampled_from(_mappings),
    st.sampled_from(("lapse", "carry")),
)

commands: st.SearchStrategy[AnyCommand] = st.deferred(
    lambda: st.one_of(amendments, tracks, closings, migrations)
)
"""Any command about the plan."""
