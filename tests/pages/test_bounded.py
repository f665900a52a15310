"""A test of pages that hangs fails, rather than hold up all others for ever."""

from __future__ import annotations

import asyncio
import traceback

import pytest
from playwright.async_api import Page

from tests.pages.bounded import bounded


async def test_what_hangs_fails_and_says_where(director: Page) -> None:
    """The stack names the line, in a wait of the browser too that has no end."""

    async def hangs() -> None:
        director.set_default_timeout(0)
        await director.wait_for_selector("#nowhere")

    with pytest.raises(TimeoutError) as told:
        await bounded(hangs, 0.5)()
    cause = told.value.__cause__
    assert isinstance(cause, asyncio.CancelledError)
    assert "#nowhere" in "".join(traceback.format_exception(cause))


async def test_every_test_here_has_a_bound() -> None:
    """The one that asks as well: the bound is what plays it."""
    playing = {frame.filename for frame in traceback.extract_stack()}
    assert bounded.__code__.co_filename in playing
