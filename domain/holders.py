"""Holders: what it leaves in the state that somebody gets a role, or loses it.

A part of `evolve`: these functions follow events, and decide nothing.
"""

from __future__ import annotations

from domain import debts, runs
from domain.state import Dialogue


def given(state: Dialogue, role: str, actor: str, *, address: bool) -> Dialogue:
    """Give somebody a role; with a new ``address`` messages may reach them again."""
    holders = state.holders(role)
    if actor not in holders:
        holders = (*holders, actor)
    state = state.but(roles=state.roles | {role: holders})
    if address:
        left = tuple(who for who in state.unreachable if who != actor)
        state = state.but(unreachable=left)
    return _joined(state, role, actor)


def _joined(state: Dialogue, role: str, actor: str) -> Dialogue:
    """Let somebody take part in the open windows of their role."""
    for window, run in state.open_windows().items():
        if run.audience != role:
            continue
        released = tuple(who for who in run.released if who != actor)
        known = actor in run.invited
        joined = run.invited if known else (*run.invited, actor)
        state = runs.run_changed(state, window, invited=joined, released=released)
    return state


def taken(state: Dialogue, role: str, actor: str) -> Dialogue:
    """Take a role from somebody, and with it their part in its open windows."""
    kept = tuple(who for who in state.holders(role) if who != actor)
    for window, run in state.open_windows().items():
        if run.audience == role and actor in run.present:
            state = runs.run_changed(state, window, released=(*run.released, actor))
    return debts.with_a_role(state.but(roles=state.roles | {role: kept}))
