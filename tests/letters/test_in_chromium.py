"""Every letter in a real browser, narrow and wide, by day and by night: nothing sticks out, fades, or is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mailgate.letters.render import Renderer, built_in
from mailgate.letters.samples import states
from tests.letters import chromium
from tests.letters.chromium import Page

LETTERS = sorted(path.name.removesuffix(".subject.txt") for path in (built_in() / "es").glob("*.subject.txt"))
NARROW, WIDE = 360, 800
LOOKS = ((NARROW, False), (NARROW, True), (WIDE, False), (WIDE, True))
# Each letter in every look; where only the words are new, each width and each light once; its other states narrow.
SEEN = (
    ("es", "full", LOOKS),
    ("en", "full", ((NARROW, True), (WIDE, False))),
    ("es", "other", ((NARROW, True),)),
)
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, for text of any size
LEAST_HEIGHT = 32  # CSS pixels of what a finger presses

# What a reader meets, measured: text against what is painted behind it, and where it would be cut off.
MEASURE = """(() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (a > 0.99) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const faint = [], small = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, words = texts.currentNode.textContent.trim();
    const box = element.getBoundingClientRect();
    if (!words || element.closest('.preheader, style') || !box.width) continue;
    const style = getComputedStyle(element);
    const [one, two] = [light(parse(style.color)), light(behind(element))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (two + 0.05);
    if (contrast < LEAST_CONTRAST) faint.push([words.slice(0, 40), Math.round(contrast * 100) / 100]);
    if (parseFloat(style.fontSize) < 12) small.push(words.slice(0, 40));
  }
  const links = [...document.querySelectorAll('a')];
  const beyond = [...document.querySelectorAll('body *')].filter(e => !e.closest('.preheader'))
    .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.tagName + '.' + e.className);
  return {
    overflow: Math.max(0, document.documentElement.scrollWidth - innerWidth), beyond: beyond.slice(0, 5), faint, small,
    flat: links.filter(a => a.matches('.button')).filter(a => a.getBoundingClientRect().height < LEAST_HEIGHT)
      .map(a => a.textContent),
    links: links.map(a => [a.textContent.trim(), a.getAttribute('href'), a.matches('.button')]),
    nameless: links.filter(a => !a.textContent.trim()).length,
    pictures: [...document.images].filter(i => !i.getAttribute('alt')).length,
    columns: Math.round(document.querySelector('.card').getBoundingClientRect().width),
    lang: document.documentElement.lang, article: document.querySelectorAll('[role=article]').length,
    hidden: document.querySelector('.preheader').getBoundingClientRect().height,
  };
})()""".replace("LEAST_CONTRAST", str(LEAST_CONTRAST)).replace("LEAST_HEIGHT", str(LEAST_HEIGHT))


@pytest.fixture(scope="session")
def page() -> Iterator[Page]:
    """One browser for all letters."""
    try:
        with chromium.running() as page:
            yield page
    except chromium.NoChromium as error:
        pytest.skip(f"Chromium: {error}")


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    return Renderer(zone=ZoneInfo("America/Bogota"))


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_reads_well_wherever_it_is_opened(page: Page, renderer: Renderer, letter: str) -> None:
    for language, state, looks in SEEN:
        for one, values in states(renderer, language)[letter].items():
            if (one == "full") is (state == "full"):
                page.show(renderer.render(letter, language, values).html)
                for width, dark in looks:
                    page.look(width=width, dark=dark)
                    where = f"{letter}, {language}, {one}, {width} px, {'dark' if dark else 'light'}"
                    check(page.find(MEASURE), language, where)
                fetched = [url for url in page.requests if not url.startswith("cid:")]  # these travel with the letter
                assert fetched == [], f"{letter}, {language}, {one}: fetches {fetched}"


def check(found: dict[str, Any], language: str, where: str) -> None:
    assert found["overflow"] == 0, f"{where}: sticks out: {found['beyond']}"
    assert found["faint"] == [], f"{where}: too faint"
    assert found["small"] == [], f"{where}: too small"
    assert found["flat"] == [], f"{where}: too flat for a finger"
    assert found["hidden"] == 0, f"{where}: the preheader shows"
    assert found["columns"] <= 600, where
    assert (found["lang"], found["article"]) == (language, 1), where
    assert (found["nameless"], found["pictures"]) == (0, 0), where
    check_links(found["links"], where)


def check_links(links: list[tuple[str, str, bool]], where: str) -> None:
    """Buttons open a mail with its subject; nothing leads to the web, where a letter of ours has no page."""
    for text, url, is_button in links:
        assert url.startswith(("mailto:", "tel:")), f"{where}: {text} leads to {url}"
        if is_button:
            assert "?subject=" in url, f"{where}: {text} has no subject"


def test_the_measure_sees_what_is_wrong(page: Page) -> None:
    """Else every letter would be right."""
    page.show(
        '<html lang="es"><body><div class="preheader"></div><div class="card" role="article" style="width:900px">'
        '<p style="color:#999;background:#fff;font-size:9px">tenue</p><a class="button" href="#">x</a>'
        '<img src="https://spy.example/1.gif"></div></body></html>'
    )
    page.look(width=NARROW, dark=False)
    found = page.find(MEASURE)
    assert found["overflow"] > 0
    assert found["faint"][0][0] == "tenue"
    assert found["small"] == ["tenue"]
    assert found["flat"] == ["x"]
    assert found["pictures"] == 1
    assert any("spy.example" in url for url in page.requests)
