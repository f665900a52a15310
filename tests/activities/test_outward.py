"""A request leaves for the public internet, and elsewhere only if that is allowed."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
from ipaddress import ip_address

import pytest
from aiohttp import web

from activities.lookup import AT_ONCE, Found, Names, look_up
from activities.outward import MOST, BadUrl, Outward, Reach, Unreached, read_url
from tests.activities.checkpoints import LOOPBACK, serving

PRIVATE = [
    "10.0.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.3.4",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "2002:0a00:0001::",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::10.0.0.1",
    "::10.0.0.1",
    "fec0::1",
]
PUBLIC = ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14"]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_is_in_reach(address: str) -> None:
    """Loopback, private, link-local and multicast are refused, in whatever dress."""
    assert not Reach().allows(ip_address(address))
    assert Reach.read("yes").allows(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_every_public_address_is_in_reach(address: str) -> None:
    """The internet needs no permission."""
    assert Reach().allows(ip_address(address))


def test_a_network_that_is_named_is_allowed_and_no_other() -> None:
    """The least that an operator has to allow is one network."""
    reach = Reach.read("10.1.0.0/16, 127.0.0.1")
    assert reach.allows(ip_address("10.1.2.3"))
    assert reach.allows(ip_address("::ffff:10.1.2.3"))
    assert reach.allows(ip_address("127.0.0.1"))
    assert not reach.allows(ip_address("10.2.0.1"))
    with pytest.raises(ValueError, match="maybe"):
        Reach.read("maybe")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.org/", "use https"),
        ("https:///path", "use https"),
        ("https://user:secret@example.org/", "password"),
        ("https://example.org:99999/", "port"),
        ("https://example.org/#part", "fragment"),
        ("http://127.0.0.1/", "private network"),
        ("http://[::1]:80/", "private network"),
    ],
)
def test_a_url_that_can_not_work_is_refused_before_anything_is_sent(
    url: str, why: str
) -> None:
    """What is wrong is said, and a password is not repeated."""
    with pytest.raises(BadUrl, match=why) as refused:
        read_url(url, Reach())
    assert "secret" not in str(refused.value)


async def test_a_name_that_leads_to_a_private_address_is_refused() -> None:
    """The address counts, at the moment of connecting, whatever the name."""
    reached: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response()

    async with serving(answer) as url:
        by_name = url.replace("127.0.0.1", "localhost")
        with pytest.raises(Unreached, match="POLDER_ALLOW_PRIVATE_TARGETS"):
            await Outward(Reach()).post(f"{by_name}/secret-path", b"")
        with pytest.raises(Unreached, match="POLDER_ALLOW_PRIVATE_TARGETS"):
            await Outward(Reach()).post(f"{url}/secret-path", b"")
        assert reached == []
        assert (await LOOPBACK.post(f"{by_name}/in", b"")).status == 200
    assert reached == ["/in"]


async def test_a_redirect_is_not_followed() -> None:
    """Where a request goes is for the operator to say, not for who answers it."""
    reached: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response(status=307, headers={"Location": "/inside"})

    async with serving(answer) as url:
        assert (await LOOPBACK.post(f"{url}/outside", b"")).status == 307
    assert reached == ["/outside"]


async def test_a_proxy_of_the_environment_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proxy would connect in our place, to addresses that we never see."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    async with serving(answer) as url:
        assert (await LOOPBACK.post(url, b"as it is")).body == b"as it is"


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    """No server can fill our memory."""

    async def answer(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        for _ in range(MOST // 100_000 + 5):
            await stream.write(b"x" * 100_000)
        return stream

    async with serving(answer) as url:
        with pytest.raises(Unreached, match="without end"):
            await LOOPBACK.post(url, b"")


async def test_an_answer_that_comes_bit_by_bit_is_read_whole() -> None:
    """A slow server is no server that says less."""

    async def answer(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        for part in (b"one ", b"two ", b"three"):
            await stream.write(part)
            await asyncio.sleep(0.02)
        return stream

    async with serving(answer) as url:
        assert (await LOOPBACK.post(url, b"")).body == b"one two three"


async def test_who_does_not_listen_is_told_by_name_without_the_path() -> None:
    """A path can be a secret; it stands in no message."""
    with pytest.raises(Unreached, match=r"127\.0\.0\.1 can't be reached") as failed:
        await LOOPBACK.post("http://127.0.0.1:9/secret-path", b"")
    assert "secret" not in str(failed.value)


async def test_an_answer_stays_as_small_as_it_came() -> None:
    """What was packed is not unpacked: a few bytes could become very many."""
    asked: list[str] = []
    packed = gzip.compress(b"x" * 5_000_000)

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Accept-Encoding", ""))
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    async with serving(answer) as url:
        assert (await LOOPBACK.post(url, b"")).body == packed
    assert asked == ["identity"]


async def test_what_is_no_answer_tells_neither_path_nor_what_came() -> None:
    """Of where it went the host is named, and nothing that a server made up."""

    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: mine\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreached) as told:
            await LOOPBACK.post(f"http://127.0.0.1:{port}/secret-path?key=secret", b"")
    assert "127.0.0.1" in str(told.value)
    assert "secret" not in str(told.value)
    assert "mine" not in str(told.value)


async def test_a_name_server_that_hangs_stops_nobody_else() -> None:
    """Names of one organisation that don't answer are given up, and others go out."""
    silent = threading.Event()

    def lookup(host: str, port: int, family: socket.AddressFamily) -> Found:
        if host.startswith("hangs"):
            silent.wait(20)
        return look_up("127.0.0.1", port, family)

    async def answer(_: web.Request) -> web.Response:
        return web.Response()

    names = Names(lookup, seconds=1.5)
    outward = Outward(Reach.read("127.0.0.1"), names=names)

    async def send(whose: str, url: str) -> int:
        async with outward.kept(whose) as line:
            return (await line.send("POST", url, b"")).status

    async with serving(answer) as url:
        hanging = [f"http://hangs-{n}.example.org:9/secret" for n in range(40)]
        told = [asyncio.create_task(send("theirs", each)) for each in hanging]
        await asyncio.sleep(0.1)
        named = url.replace("127.0.0.1", "answers.example.org")
        assert await asyncio.wait_for(send("ours", named), 1) == 200
        every = await asyncio.wait_for(asyncio.gather(*told, return_exceptions=True), 6)
        assert all("was not found in" in str(each) for each in every), every
        assert "secret" not in repr(every)
        waiting = [t for t in threading.enumerate() if t.name == "polder-lookup"]
        assert len(waiting) == AT_ONCE
        silent.set()
        assert await send("theirs", named) == 200


async def test_a_name_that_many_ask_for_at_once_is_looked_up_once() -> None:
    """Many subscriptions to one host take no more than one thread, and none fails."""
    asked: list[str] = []

    def lookup(host: str, port: int, family: socket.AddressFamily) -> Found:
        asked.append(host)
        time.sleep(0.05)
        return look_up("127.0.0.1", port, family)

    async def answer(_: web.Request) -> web.Response:
        return web.Response()

    outward = Outward(Reach.read("127.0.0.1"), names=Names(lookup))

    async def send(url: str) -> int:
        async with outward.kept("ours") as line:
            return (await line.send("POST", url, b"")).status

    async with serving(answer) as url:
        urls = [url.replace("127.0.0.1", f"host-{n % 3}.nl") for n in range(30)]
        assert await asyncio.gather(*map(send, urls)) == [200] * 30
    assert sorted(set(asked)) == ["host-0.nl", "host-1.nl", "host-2.nl"]
    assert len(asked) < 30
