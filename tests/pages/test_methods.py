"""Methods in a browser: what each asks and leaves out, and one of one's own."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page, expect

from methods.load import load_text, shipped
from tests.pages.house import Site

Checked = Callable[[Page], Awaitable[None]]

OWN = """\
id: {name}
version: "{version}"
title: {{nl: Onze aanpak, en: Our way}}
source: {{name: Eigen werk}}
languages: [nl, en]
roles:
  - id: director
    title: {{nl: Regisseur, en: Director}}
    may: [steer, complete]
phases:
  - id: begin
    title: {{nl: Begin, en: Beginning}}
    steps:
      - id: praten
        number: "1"
        title: {{nl: Praten met de buurt, en: Talk to the neighbours}}
        items:
          - id: koffie
            title: {{nl: Koffie geregeld, en: Coffee arranged}}
{more}"""
MORE = """\
          - id: zaal
            title: {nl: Zaal gehuurd, en: Hall booked}
"""


def own(name: str, version: str = "1.0", more: str = "") -> str:
    """Write a small method of one's own."""
    return OWN.format(name=name, version=version, more=more)


async def test_every_method_says_where_it_comes_from_and_what_that_leaves_out(
    site: Site, director: Page, checked: Checked
) -> None:
    """From the list to a method with its source, its gaps and each step's items."""
    await director.goto("/methods")
    main = director.get_by_role("main")
    for each in shipped().values():
        title = each.method.title["nl"]
        await expect(main.get_by_role("link", name=title, exact=True)).to_be_visible()
    await checked(director)
    await director.get_by_label("Zoek in methoden").fill("tien stappen")
    await director.get_by_role("button", name="Zoek").click()
    await expect(main.get_by_role("article")).to_have_count(1)
    await director.get_by_role("link", name="Participatie in tien stappen").click()
    await expect(main).to_contain_text("Wat de bron niet geeft")
    left_out = shipped()["participatie-tien-stappen"].method.source.left_out
    for each in left_out:
        await expect(main).to_contain_text(each["nl"])
    await director.get_by_text("Stap 3 (niet beschreven in de bron)").last.click()
    await expect(main).to_contain_text("De bron beschrijft deze stap niet.")
    await checked(director)


async def test_a_method_is_given_as_the_file_that_makes_it(site: Site) -> None:
    """What is downloaded is read again under the same hash."""
    async with site.caller(await site.session("director")) as caller:
        for name, each in shipped().items():
            answer = await caller.get(f"/methods/{name}/file")
            assert answer.headers["content-type"].startswith("application/yaml")
            assert load_text(answer.text, name).hash == each.hash


async def test_what_is_wrong_stands_at_its_line_with_what_would_help(
    site: Site, operator: Page, checked: Checked
) -> None:
    """A file with faults comes back whole, each fault with its line and a remedy."""
    text = (
        own("met-fouten")
        .replace("version: ", "versie: ")
        .replace("[steer,", "[sturen,")
    )
    await operator.goto("/methods/new")
    field = operator.get_by_label("De methode, als YAML")
    await field.fill(text)
    await operator.get_by_role("button", name="Kijk of het klopt").click()
    main = operator.get_by_role("main")
    await expect(operator.get_by_role("alert")).to_contain_text("nog geen methode")
    await expect(main).to_contain_text("Regel 2: 'versie' betekent hier niets")
    await expect(main).to_contain_text("Bedoelt u version?")
    await expect(main).to_contain_text("Regel 9: 'sturen' kan hier niet")
    await expect(field).to_have_value(text)
    assert await operator.get_by_role("button", name="Publiceer haar").count() == 0
    await checked(operator)


async def test_a_file_is_looked_at_before_it_is_published(
    site: Site, operator: Page, checked: Checked, tmp_path: Path
) -> None:
    """Upload, preview, publish; then another version, with what differs."""
    file = tmp_path / "onze-aanpak.yaml"
    file.write_text(own("onze-aanpak"), "utf-8")
    await operator.goto("/methods")
    await operator.get_by_role("link", name="Voeg een eigen methode toe").click()
    await operator.get_by_label("Een bestand").set_input_files(file)
    await operator.get_by_role("button", name="Kijk of het klopt").click()
    main = operator.get_by_role("main")
    await expect(main).to_contain_text("Dit is een methode: Onze aanpak 1.0")
    await expect(main).to_contain_text("Er is nog niets gepubliceerd")
    await expect(main).to_contain_text("Praten met de buurt")
    assert "onze-aanpak" not in [m.method.id for m in await site.desk.library.all()]
    await checked(operator)
    await operator.get_by_role("button", name="Publiceer haar").click()
    await operator.wait_for_url(re.compile("/methods/onze-aanpak"))
    await expect(operator.get_by_role("status").first).to_contain_text("Gepubliceerd")
    await operator.get_by_role("link", name="Maak er een eigen methode van").click()
    field = operator.get_by_label("De methode, als YAML")
    known = load_text(await field.input_value(), "x")
    assert known.hash == load_text(own("onze-aanpak"), "x").hash
    await field.fill(own("onze-aanpak", more=MORE))
    await operator.get_by_role("button", name="Kijk of het klopt").click()
    await expect(main).to_contain_text("gepubliceerd met een andere inhoud")
    assert await operator.get_by_role("button", name="Publiceer haar").count() == 0
    await field.fill(own("onze-aanpak", "1.1", MORE))
    await operator.get_by_role("button", name="Kijk of het klopt").click()
    await expect(main).to_contain_text("nieuw: Zaal gehuurd")
    await operator.get_by_role("button", name="Publiceer haar").click()
    await operator.wait_for_url(re.compile("/methods/onze-aanpak"))
    found = await site.desk.library.find("onze-aanpak")
    assert found.method.version == "1.1"


async def test_whose_id_is_anothers_is_told_so_before_publishing(
    site: Site, operator: Page
) -> None:
    """An id that ships with Polder stays what it is."""
    await operator.goto("/methods/new")
    text = own("imvo-dialoog", "9.0")
    await operator.get_by_label("De methode, als YAML").fill(text)
    await operator.get_by_role("button", name="Kijk of het klopt").click()
    await expect(operator.get_by_role("main")).to_contain_text("een andere naam")
    assert await operator.get_by_role("button", name="Publiceer haar").count() == 0


async def test_who_may_not_publish_can_look_and_is_told_who_may(
    site: Site, plain: Page
) -> None:
    """A process director checks a text, also without script, and can't publish it."""
    await plain.goto("/methods/new")
    await plain.get_by_label("De methode, als YAML").fill(own("van-de-regisseur"))
    await plain.get_by_role("button", name="Kijk of het klopt").click()
    main = plain.get_by_role("main")
    await expect(main).to_contain_text("Publiceren kan alleen een beheerder")
    assert await plain.get_by_role("button", name="Publiceer haar").count() == 0
    async with site.caller(
        await site.session("director"), headers={"Origin": site.url}
    ) as caller:
        body = {"text": own("van-de-regisseur"), "do": "publish"}
        answer = await caller.post("/methods/new", data=body)
    assert answer.status_code == 403


async def test_hostile_text_in_a_method_is_text(site: Site, operator: Page) -> None:
    """Titles and faults with markup in them are shown as they are."""
    hostile = "<img src=x onerror=alert(1)>"
    text = own("vreemd").replace("Koffie geregeld", f"'{hostile}'")
    await operator.goto("/methods/new")
    await operator.get_by_label("De methode, als YAML").fill(text)
    await operator.get_by_role("button", name="Kijk of het klopt").click()
    await expect(operator.get_by_role("main")).to_contain_text("Dit is een methode")
    assert await operator.locator("img[src=x]").count() == 0
    await operator.get_by_label("De methode, als YAML").fill(f"{hostile}: 1\n")
    await operator.get_by_role("button", name="Kijk of het klopt").click()
    await expect(operator.get_by_role("main")).to_contain_text(hostile)
    assert await operator.locator("img[src=x]").count() == 0
