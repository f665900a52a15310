"""The fixtures of all tests of pages; what they are made of is in `house`.

``director``, ``auditor``, ``operator`` and ``member`` are windows of people who are
in, in Dutch; ``plain`` is the director without script, ``stranger`` is nobody. Each
test has windows of its own. ``await checked(page)`` looks at a page as it stands.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from inspect import iscoroutinefunction

import pytest
from playwright.async_api import Browser, Page, expect
from temporalio.client import Client

from tests.desk.town_hall import TownHall, town_hall
from tests.pages.bounded import bounded
from tests.pages.house import NO_BROWSER, Site, browsing, chromium, house, visitor
from tests.pages.looking import looked_at
from tests.services import own_namespace

# Several browsers at a time share two cores with all servers: what a test waits for may
# take longer than the five seconds that are usual.
expect.set_options(timeout=15_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Give a test its bound: see `bounded`."""
    if isinstance(item, pytest.Function) and iscoroutinefunction(item.obj):
        item.obj = bounded(item.obj)


@pytest.fixture(scope="session")
async def pagespace(temporal_client: Client) -> Client:
    """Give a namespace for this suite."""
    return await own_namespace(temporal_client, "pages")


@pytest.fixture(scope="module")
async def hall(
    pagespace: Client, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[TownHall]:
    """Give the servers with a desk and a worker."""
    home = tmp_path_factory.mktemp("pages")
    async with town_hall(pagespace, module_database, home) as opened:
        yield opened


@pytest.fixture(scope="module")
async def site(hall: TownHall) -> AsyncGenerator[Site]:
    """Give API and pages on those servers."""
    async with house(hall) as opened:
        yield opened


@pytest.fixture(scope="session")
async def browser() -> AsyncGenerator[Browser]:
    """Give a browser for the whole run; without one its tests are skipped."""
    program = chromium()
    if program is None:
        pytest.skip(NO_BROWSER)
    async with browsing(program) as opened:
        yield opened


@pytest.fixture
async def director(browser: Browser, site: Site) -> AsyncGenerator[Page]:
    """Give a window of a process director, ``p-1``."""
    page = await visitor(browser, site, "director")
    yield page
    await page.context.close()


@pytest.fixture
async def plain(browser: Browser, site: Site) -> AsyncGenerator[Page]:
    """Give the same, in a browser without script."""
    page = await visitor(browser, site, "director", script=False)
    yield page
    await page.context.close()


@pytest.fixture
async def member(browser: Browser, site: Site) -> AsyncGenerator[Page]:
    """Give a window of a member, ``m-1``."""
    page = await visitor(browser, site, "member", actor="m-1")
    yield page
    await page.context.close()


@pytest.fixture
async def auditor(browser: Browser, site: Site) -> AsyncGenerator[Page]:
    """Give a window of an auditor, ``a-1``."""
    page = await visitor(browser, site, "auditor", actor="a-1")
    yield page
    await page.context.close()


@pytest.fixture
async def operator(browser: Browser, site: Site) -> AsyncGenerator[Page]:
    """Give a window of an operator, ``o-1``."""
    page = await visitor(browser, site, "operator", actor="o-1")
    yield page
    await page.context.close()


@pytest.fixture
async def stranger(browser: Browser, site: Site) -> AsyncGenerator[Page]:
    """Give a window of somebody who is not in."""
    page = await visitor(browser, site, None)
    yield page
    await page.context.close()


@pytest.fixture
def checked() -> Callable[[Page], Awaitable[None]]:
    """Give what looks at a page as it stands; see `looked_at`."""
    return looked_at
