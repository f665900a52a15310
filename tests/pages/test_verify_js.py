"""What the browser computes is what verify.py computes, and a forgery is named."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncGenerator
from random import Random
from typing import Any, NamedTuple

import pytest
from playwright.async_api import Browser, Page

from evidence import verify
from evidence.vectors import vectors
from language import translator
from tests.evidence import proofs
from tests.evidence.logs import PACK, VKEY, Files, files_of, reissued
from tests.evidence.test_mutations import with_a_bit_flipped, with_a_line_changed
from tests.pages import forged
from tests.pages.house import Site, visitor

KEYS = (str(VKEY),)
_JUDGE = """async ([address, data, keys, since]) => {
  const verify = await import(address);
  const raw = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const begun = performance.now();
  const steps = [];
  const tell = (step) => steps.push({ step: step.step, holds: step.holds });
  const older = since === null ? null : raw(since);
  const report = await verify.examine(raw(data), keys, { since: older, tell });
  return { ...report, steps, ms: performance.now() - begun };
}"""
_UNREADABLE = "this can't be read"
WITHOUT_ED25519 = """
const whole = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (form, key, algorithm, ...more) {
  if ((algorithm.name ?? algorithm) === "Ed25519") {
    return Promise.reject(new DOMException("unknown", "NotSupportedError"));
  }
  return whole.call(this, form, key, algorithm, ...more);
};
"""


class Found(NamedTuple):
    """A verdict with what it rests on, so that two programs can be compared."""

    verdict: int
    failures: list[tuple[str, str, int, str]]
    undecided: list[tuple[str, str, int, str]]


def _told(check: str, file: str, seq: int | None, text: str) -> tuple[str, ...]:
    # What an error of a language is called differs from language to language.
    text = _UNREADABLE if text.startswith(_UNREADABLE) else text
    return check, file, str(seq), text


def by_python(data: bytes, keys: tuple[str, ...], since: bytes | None = None) -> Any:  # noqa: ANN401
    """Judge as verify.py does."""
    report = verify.examine(data, keys, since=since)
    told = [
        sorted(_told(one.check, one.file, one.seq, one.text) for one in found)
        for found in (report.failures, report.undecided)
    ]
    return report.verdict, *told


class Checker:
    """A page in which verify.js judges."""

    def __init__(self, page: Page, address: str) -> None:
        """Use a page that is open."""
        self.page, self.address = page, address

    async def report(
        self, data: bytes, keys: tuple[str, ...], since: bytes | None = None
    ) -> dict[str, Any]:
        """Have a pack or a proof judged."""
        older = None if since is None else b64encode(since).decode()
        given = [self.address, b64encode(data).decode(), list(keys), older]
        return await self.page.evaluate(_JUDGE, given)

    async def judged(
        self, data: bytes, keys: tuple[str, ...] = KEYS, since: bytes | None = None
    ) -> Any:  # noqa: ANN401
        """Judge in the form of `by_python`."""
        found = await self.report(data, keys, since)
        told = [
            sorted(_told(o["check"], o["file"], o["seq"], o["text"]) for o in found[n])
            for n in ("failures", "undecided")
        ]
        return found["verdict"], *told


@pytest.fixture
async def checker(browser: Browser, site: Site) -> AsyncGenerator[Checker]:
    """Give the browser with verify.js as the site serves it."""
    page = await visitor(browser, site, None)
    await page.goto("/accessibility")
    yield Checker(page, site.app.state.assets.address("verify.js"))
    await page.context.close()


async def test_the_vectors_of_the_format_hold(checker: Checker) -> None:
    """What docs/audit-format.md gives to try it on is sound, event by event."""
    told: Any = vectors()
    keys = (told["key"]["vkey"],)
    report = await checker.report(told["proof"].encode(), keys)
    assert (report["verdict"], report["hash"]) == (0, told["events"][2]["hash"])
    assert report["checkpoint"]["root"] == told["checkpoint"].split("\n")[2]
    assert {each["holds"] for each in report["steps"]} == {True}
    files = {name: text.encode() for name, text in told["pack"]["files"].items()}
    report = await checker.report(forged.write_zip(files), keys)
    assert (report["verdict"], report["failures"]) == (0, [])
    assert report["counts"] == {
        "dialogue_started": 1,
        "items_waived": 1,
        "personal_data_erased": 1,
    }


async def test_each_forged_proof_is_named(checker: Checker) -> None:
    """Each lie about one event is found by the check that is about it, and no other."""
    for name, forgery in proofs.FORGERIES.items():
        verdict, failures, undecided = await checker.judged(forgery.proof, forgery.keys)
        assert verdict == 1, name
        assert forgery.check in {check for check, *_ in failures}, name
        expected = by_python(forgery.proof, forgery.keys)
        assert (verdict, failures, undecided) == expected, name


async def test_each_forged_pack_is_named(checker: Checker) -> None:
    """Each lie in a pack is found, with the same words as by verify.py."""
    for name, pack in forged.FORGERIES.items():
        verdict, failures, undecided = await checker.judged(pack)
        expected = by_python(pack, KEYS)
        assert verdict == expected[0] == 1, name
        if expected[1][0][0] == "pack":
            # The browser opens it all the same, to say what else is wrong.
            failures = [one for one in failures if one[0] == "pack"]
            undecided = expected[2]
        assert (verdict, failures, undecided) == expected, name


async def test_a_sound_pack_is_sound_and_the_wrong_key_is_not(checker: Checker) -> None:
    """The same pack: sound by its key, not by a stranger's, and without one open."""
    assert (await checker.judged(PACK))[0] == 0
    assert await checker.judged(PACK, forged.STRANGERS) == by_python(
        PACK, forged.STRANGERS
    )
    assert await checker.judged(PACK, ()) == by_python(PACK, ())
    assert (await checker.judged(PACK, ()))[0] == 6


async def test_older_checkpoints_are_compared(checker: Checker) -> None:
    """The log goes on from what a reader kept, or does not, and says so."""
    lie = forged.OLDER[min(forged.OLDER)].replace(b"\n5\n", b"\n6\n")
    for since in (*forged.OLDER.values(), lie, b"", b"nothing"):
        for data in (PACK, proofs.SOUND):
            found = await checker.judged(data, KEYS, since)
            assert found == by_python(data, KEYS, since)


async def test_any_mutation_is_judged_as_by_python(checker: Checker) -> None:
    """Bits flipped and lines changed at random: the same verdict on the same ground."""
    dice = Random("the browser")
    files = files_of()
    for number in range(60):
        mutate = (with_a_bit_flipped, with_a_line_changed)[number % 2]
        name = dice.choice([n for n in files if number % 2 == 0 or ".jsonl" in n])
        made: Files = mutate(files, name, dice)
        for pack in (forged.write_zip(made), reissued(made)):
            found, expected = await checker.judged(pack), by_python(pack, KEYS)
            assert found == expected, (number, name)


async def test_a_deflated_pack_is_opened_and_not_sound(checker: Checker) -> None:
    """Somebody packed it anew: that is said, and whatever else is wrong in it."""
    pack = forged.FORGERIES["packed anew, deflated"]
    report = await checker.report(pack, KEYS)
    assert [one["check"] for one in report["failures"]] == ["pack"]
    assert report["events"] == len(files_of()["events.jsonl"].splitlines())
    worse = await checker.report(forged.FORGED_AND_DEFLATED, KEYS)
    assert {one["check"] for one in worse["failures"]} >= {"pack", "files", "prev"}


async def test_a_browser_without_ed25519_says_so(browser: Browser, site: Site) -> None:
    """Nothing is green in a browser that can't check the signature: it says what lacks.

    As older browsers do, it refuses to take a key of that kind.
    """
    page = await visitor(browser, site, None)
    await page.add_init_script(WITHOUT_ED25519)
    await page.goto("/accessibility")
    checker = Checker(page, site.app.state.assets.address("verify.js"))
    for data in (PACK, proofs.SOUND):
        verdict, failures, undecided = await checker.judged(data)
        assert (verdict, failures) == (6, [])
        assert {check for check, *_ in undecided} == {"signature"}
        assert "Ed25519" in undecided[0][3]
    lie = proofs.FORGERIES["a word of the event"].proof
    assert (await checker.judged(lie))[0] == 1
    await page.context.close()


async def test_one_event_takes_200_ms_and_a_thousand_three_seconds(
    checker: Checker,
) -> None:
    """An event is checked within 200 ms, a pack of 1,000 events within 3 s."""
    times = [(await checker.report(proofs.SOUND, KEYS))["ms"] for _ in range(5)]
    assert sorted(times)[2] <= 200
    pack = forged.large()
    report = await checker.report(pack, KEYS)
    assert (report["verdict"], report["events"]) == (0, 1_000)
    assert report["ms"] <= 3_000


async def test_every_finding_has_its_dutch_words(checker: Checker, site: Site) -> None:
    """What the browser finds is said in the words of verify.py, also in Dutch."""
    address = site.app.state.assets.address("verify-nl.js")
    dutch: dict[str, str] = await checker.page.evaluate(
        "async (address) => (await import(address)).DUTCH", address
    )
    script = site.app.state.assets.by_name["verify.js"].content.decode()
    said = {text for text in verify.DUTCH if f'"{text}"' in script}
    assert len(said) > 60
    assert said <= dutch.keys()
    assert {text: dutch[text] for text in said} == {t: verify.DUTCH[t] for t in said}
    alone = dutch.keys() - said
    assert all("this browser" in text for text in alone)
    assert translator("nl")("Why is this true?") == "Waarom is dit waar?"
