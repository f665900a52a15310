"""Who calls, and how every answer is told."""

from __future__ import annotations

from tests.api.conftest import OTHER, Api


async def test_a_dialogue_is_shown_to_who_may_read_it(api: Api) -> None:
    """A token with the scope ``read`` gets a dialogue of its organisation."""
    stream = await api.hall.dialogue()
    found = await api.get(f"/v1/dialogues/{stream}")
    assert found.status_code == 200, found.text
    assert found.json()["title"] == "Parkzicht"


async def test_without_a_token_nothing_is_told(api: Api) -> None:
    """Who brings no token, or one that is not known, gets 401 and a challenge."""
    stream = await api.hall.dialogue()
    for headers in ({}, {"Authorization": f"Bearer pld_{'A' * 43}"}):
        found = await api.client.get(f"/v1/dialogues/{stream}", headers=headers)
        assert found.status_code == 401
        assert found.headers["www-authenticate"].startswith("Bearer")
        assert found.headers["content-type"] == "application/problem+json"
        assert found.json()["error"] == "Unauthenticated"


async def test_another_organisation_learns_nothing(api: Api) -> None:
    """What another organisation has is answered as what is not there."""
    stream = await api.hall.dialogue()
    headers = await api.bearer(organisation=OTHER)
    there = await api.client.get(f"/v1/dialogues/{stream}", headers=headers)
    absent = stream.split(":")[0] + ":bestaat-niet"
    nowhere = await api.client.get(f"/v1/dialogues/{absent}", headers=headers)
    assert there.status_code == nowhere.status_code == 404
    told, missing = there.json(), nowhere.json()
    for each in (told, missing):
        del each["instance"]
    assert str(told).replace(stream, absent) == str(missing)


async def test_the_description_is_written_once(api: Api) -> None:
    """Anybody gets the same bytes, and 304 where they have them already."""
    first = await api.client.get("/v1/openapi.json")
    assert first.json()["openapi"] == "3.1.0"
    tag = first.headers["etag"]
    for path in ("/v1/openapi.json", "/doc/openapi.json"):
        again = await api.client.get(path)
        assert (again.content, again.headers["etag"]) == (first.content, tag)
        known = await api.client.get(path, headers={"If-None-Match": tag})
        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["access-control-allow-origin"] == "*"
