"""The checklist for HTTP APIs, rules 1, 2, 4 to 9, 14, 18, 19 and 39: each by number.

The rules are those of the NL API Design Rules 2.2 and Belgif's guide that Polder keeps.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import date

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.deprecation import deprecated
from api.headers import SAFE, Frame
from api.problems import handle_problems
from api.routing import Route, router
from api.settings import Settings
from api.version import VERSION
from tests.api.conftest import Api

ABSENT = "/v1/dialogues/gemeente-waterdam:bestaat-niet"
ORIGIN = "https://pagina.example"


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    """Let one origin call from a browser."""
    return settings.model_copy(update={"origins": (ORIGIN,)})


async def test_rule_1_the_major_version_is_in_every_address(app: FastAPI) -> None:
    """Every route of the contract is under /v1, and none names a minor version."""
    outside = {"/health", "/doc/openapi.json", "/link/{secret}", "/session/end"}
    for each in iter_route_contexts(app.routes):
        path = each.path_format or ""
        if each.include_in_schema and path not in outside:
            assert re.match(r"/v1/[a-z]", path), path


async def test_rule_2_the_description_is_for_everybody(api: Api) -> None:
    """Both addresses give it without a token, and to pages of any origin."""
    for path in ("/v1/openapi.json", "/doc/openapi.json"):
        found = await api.client.get(path, headers={"Origin": "https://elders.example"})
        assert found.status_code == 200
        assert found.headers["access-control-allow-origin"] == "*"
        assert found.json()["openapi"].startswith("3.1")


async def test_rule_4_every_answer_says_its_version(api: Api) -> None:
    """API-Version is on what succeeds, on every error, and equals the description's."""
    stream = await api.hall.dialogue()
    answers = [
        await api.get(f"/v1/dialogues/{stream}"),
        await api.get(ABSENT),
        await api.client.get(f"/v1/dialogues/{stream}"),
        await api.client.delete("/v1/dialogues"),
        await api.client.get("/nergens"),
    ]
    assert [each.status_code for each in answers] == [200, 404, 401, 405, 404]
    for each in answers:
        assert each.headers["api-version"] == VERSION
    described = (await api.client.get("/v1/openapi.json")).json()
    assert described["info"]["version"] == VERSION


async def test_rule_6_a_slash_at_the_end_is_another_address(api: Api) -> None:
    """With a slash behind it an address has nothing: 404, and no redirect."""
    assert (await api.get("/v1/dialogues")).status_code == 200
    assert (await api.get("/v1/dialogues/")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nergens", 404),
        ("GET", "/v1/dialogues/Geen Naam", 404),
        ("GET", "/v1/dialogues?limit=0", 400),
        ("GET", "/v1/dialogues?onbekend=1", 400),
        ("GET", "/v1/dialogues?cursor=!!", 400),
        ("DELETE", "/v1/dialogues", 405),
        ("TRACE", "/v1/dialogues", 405),
        ("POST", "/v1/dialogues", 400),
    ],
)
async def test_rule_7_every_error_is_a_problem(
    api: Api, method: str, path: str, status: int
) -> None:
    """Each error has type, title, status, detail and instance, and tells no insides."""
    headers = {**await api.bearer(), "Content-Type": "application/json"}
    content = b"{}" if method == "POST" else None
    found = await api.client.request(method, path, headers=headers, content=content)
    assert found.status_code == status, found.text
    assert found.headers["content-type"] == "application/problem+json"
    told = found.json()
    assert told["status"] == status
    assert told["type"].startswith("/problems/")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", told["instance"])
    assert told["instance"].replace("-", "")[-32:] == found.headers["belgov-trace-id"]
    assert told["title"]
    assert told["detail"]
    assert "Traceback" not in found.text
    assert ".py" not in found.text


async def test_rule_8_all_mistakes_are_told_at_once(api: Api) -> None:
    """Bad input gives 400 with each part that is off, by its place, and never 422."""
    body = {"id": "Geen Naam", "method": 7, "zone": "x" * 65, "vreemd": True}
    found = await api.post("/v1/dialogues", body)
    assert found.status_code == 400
    places = {each["pointer"] for each in found.json()["errors"]}
    assert places == {"/id", "/method", "/title", "/zone", "/vreemd"}
    broken = await api.client.post(
        "/v1/dialogues",
        content=b'{"id": ',
        headers={**await api.bearer(), "Content-Type": "application/json"},
    )
    assert broken.status_code == 400
    assert broken.json()["errors"][0]["code"] == "json_invalid"
    query = await api.get("/v1/dialogues?limit=999&sort=kleur")
    assert {each["name"] for each in query.json()["errors"]} == {"limit", "sort"}


async def test_rule_9_forms_that_do_not_fit_are_named(api: Api) -> None:
    """A wrong Content-Type gives 415, Accept 406, method 405 with what is allowed."""
    headers = await api.bearer()
    sent = {**headers, "Content-Type": "text/plain"}
    wrong = await api.client.post("/v1/dialogues", content=b"hallo", headers=sent)
    assert wrong.status_code == 415
    image = await api.client.get(
        "/v1/dialogues", headers={**headers, "Accept": "image/png"}
    )
    assert image.status_code == 406
    assert "application/json" in image.json()["detail"]
    other = await api.client.put("/v1/dialogues", headers=headers)
    assert other.status_code == 405
    assert other.headers["allow"] == "GET, HEAD, POST"


async def test_rule_14_every_answer_is_safe_by_default(api: Api) -> None:
    """Answers are not stored, sniffed, framed or sent on, also those to mistakes."""
    for path in ("/v1/dialogues", "/nergens"):
        found = await api.get(path)
        for name, value in SAFE.items():
            assert found.headers[name] == value, name


async def test_rule_14_only_listed_origins_may_call(api: Api) -> None:
    """A page of an origin on the list may call; of another it may not."""
    asked = {"Access-Control-Request-Method": "POST"}
    for origin, allowed in ((ORIGIN, ORIGIN), ("https://elders.example", None)):
        found = await api.client.options(
            "/v1/dialogues", headers={**asked, "Origin": origin}
        )
        assert found.headers.get("access-control-allow-origin") == allowed


async def test_a_request_for_headers_gets_those_alone(api: Api) -> None:
    """HEAD answers as GET does, without what follows the headers (RFC 9110, 9.3.2)."""
    stream = await api.hall.dialogue(words=False)
    found = await api.client.head(f"/v1/dialogues/{stream}", headers=await api.bearer())
    assert found.status_code == 200
    assert found.headers["etag"]
    assert found.content == b""


async def test_a_body_beyond_the_limit_is_refused(api: Api, settings: Settings) -> None:
    """More bytes than are taken give 413, however they are announced."""
    headers = {**await api.bearer(), "Content-Type": "application/json"}
    large = b'{"id":"' + b"x" * settings.body_bytes + b'"}'
    told = await api.client.post("/v1/dialogues", content=large, headers=headers)
    assert told.status_code == 413, told.text
    assert told.json()["error"] == "TooLarge"
    assert told.headers["content-type"] == "application/problem+json"
    assert told.headers["api-version"]

    async def chunks() -> AsyncGenerator[bytes]:
        for start in range(0, len(large), 65_536):
            yield large[start : start + 65_536]

    untold = await api.client.post("/v1/dialogues", content=chunks(), headers=headers)
    assert untold.status_code == 413
    assert untold.json()["error"] == "TooLarge"


async def test_rule_19_a_deprecated_route_says_so() -> None:
    """It sends Deprecation, Sunset and a link, and the description says it too."""
    route = router("Proef")
    told = deprecated(date(2026, 12, 1), date(2027, 6, 1), "https://polder.example/w")

    @route.get("/oud", operation_id="old", **told)
    async def old() -> dict[str, str]:
        return {}

    assert callable(old)
    app = FastAPI(openapi_url=None)
    app.include_router(route)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://p") as client:
        found = await client.get("/oud")
    assert found.headers["deprecation"] == "@1796083200"
    assert found.headers["sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
    assert 'rel="deprecation"' in found.headers["link"]
    with pytest.raises(ValueError, match="8594"):
        deprecated(date(2027, 1, 2), date(2027, 1, 1), "https://polder.example/w")


async def test_rule_19_no_route_is_deprecated_in_silence(app: FastAPI) -> None:
    """Whatever the description calls deprecated sends the headers."""
    for each in iter_route_contexts(app.routes):
        route = each.original_route
        if isinstance(route, Route) and route.deprecated:
            assert route.dependencies, route.path


@pytest.mark.parametrize(
    ("asked", "told", "word"),
    [
        ("nl", "nl", "dialoog"),
        ("nl-BE, fr-BE;q=0.8", "nl", "dialoog"),
        ("fr-BE, en;q=0.5", "en", "dialogue"),
        ("fr-BE", "en", "dialogue"),
        ("en-GB", "en", "dialogue"),
        ("de;q=0.1, nl;q=0.9", "nl", "dialoog"),
    ],
)
async def test_rule_39_the_caller_is_answered_in_a_language_of_theirs(
    api: Api, asked: str, told: str, word: str
) -> None:
    """Content-Language is the best of Accept-Language; only detail changes with it."""
    found = await api.get(ABSENT, accept_language=asked)
    assert found.headers["content-language"] == told
    assert word in found.json()["detail"]
    assert found.json()["title"] == "Not found"


async def test_rule_39_the_trace_is_answered(api: Api) -> None:
    """A traceparent that comes is gone on with; without one there is a new trace."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    came = f"00-{trace}-00f067aa0ba902b7-01"
    found = await api.get(ABSENT, traceparent=came)
    assert found.headers["belgov-trace-id"] == trace
    assert found.headers["traceparent"].split("-")[1] == trace
    fresh = await api.get(ABSENT, traceparent="00-onzin")
    assert re.fullmatch("[0-9a-f]{32}", fresh.headers["belgov-trace-id"])


async def test_a_fault_of_ours_is_told_as_a_problem() -> None:
    """What nobody foresaw gives 500 with all headers, and none of its words."""
    route = router("Proef")

    @route.get("/kapot", operation_id="broken")
    async def broken() -> None:
        message = "geheim van Anna"
        raise ZeroDivisionError(message)

    assert callable(broken)
    app = FastAPI(openapi_url=None)
    app.include_router(route)
    handle_problems(app)
    app.add_middleware(Frame)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://p") as client:
        found = await client.get("/kapot")
    assert found.status_code == 500
    assert found.headers["content-type"] == "application/problem+json"
    assert found.headers["api-version"] == VERSION
    assert found.json()["error"] == "Unforeseen"
    assert "geheim" not in found.text
    assert found.headers["belgov-trace-id"] in found.json()["detail"]
