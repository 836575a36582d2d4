"""Letters as people read them: both languages, both parts, an operator's own files, and nobody's tricks."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment, FileSystemLoader, meta
from selectolax.lexbor import LexborHTMLParser

from mailgate.desk.identify import ABOUT_NO_TICKET
from mailgate.letters.compose import Letter, compose
from mailgate.letters.filters import filters
from mailgate.letters.inline import inline_styles
from mailgate.letters.render import LANGUAGES, LetterError, Rendered, Renderer, _flat, built_in
from mailgate.letters.samples import DESK, NOW, TAG, WORDS, samples, states
from mailgate.letters.told import told_by
from mailgate.mail import files
from mailgate.mail.known import words as bare
from mailgate.mail.message import Address
from mailgate.worker import USUAL_LETTERS

BOGOTA = ZoneInfo("America/Bogota")
LETTERS = sorted(path.name.removesuffix(".subject.txt") for path in (built_in() / "es").glob("*.subject.txt"))
OF_THE_DESK = {"canned", "handed-over", "guide-client", "guide-agent"}  # about no matter of a client's
WITHOUT_TICKET = {"list", "digest", "pqrs-report"} | OF_THE_DESK
ALL = [(letter, language) for letter in LETTERS for language in LANGUAGES]


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(zone=BOGOTA)


def rendered(renderer: Renderer, letter: str, language: str = "es", **changes: object) -> Rendered:
    return renderer.render(letter, language, samples(renderer, language)[letter] | changes)


def shown(html: str) -> str:
    """What a person sees of an HTML letter."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["style", "title", "head"])
    for hidden in tree.css(".preheader"):
        hidden.decompose()
    assert tree.body is not None
    return tree.body.text(separator=" ")


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_every_letter(language: str) -> None:
    """A letter that one language lacks would stop mail to half of the people."""
    for letter in LETTERS:
        for ending in (".subject.txt", ".txt", ".html"):
            assert (built_in() / language / f"{letter}{ending}").is_file()


@pytest.mark.parametrize(("letter", "language"), ALL)
def test_text_and_html_say_the_same(renderer: Renderer, letter: str, language: str) -> None:
    """Whoever reads plain text misses nothing, and nobody reads more."""
    told = rendered(renderer, letter, language)
    phrases = renderer.words(language)["phrases"]
    buttons = samples(renderer, language)[letter].get("buttons", ())
    # A button is pressed in HTML and answered by a word in text: that is the one thing said in two ways.
    html_only = words(" ".join([phrases["buttons"], phrases["change_it"]]))
    text_only = words(" ".join([phrases["buttons_text"], "#1", *(button["how"] for button in buttons)]))
    in_html, in_text = set(words(shown(told.html))), set(words(told.text))
    assert in_html - in_text <= set(html_only) | {word for button in buttons for word in words(button["label"])}
    assert in_text - in_html <= set(text_only)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_in_one_piece_is_the_letter_of_its_files(renderer: Renderer, tmp_path: Path, language: str) -> None:
    """Ours are compiled whole, words and all; where a file is the operator's, Jinja puts them together each time."""
    their_words = Renderer(zone=BOGOTA, directory=tmp_path)  # of which there are none yet
    shutil.copytree(built_in(), tmp_path / "all")
    by_files = Renderer(zone=BOGOTA, directory=tmp_path / "all")
    for letter, of_one in states(renderer, language).items():
        for state, values in of_one.items():
            told = renderer.render(letter, language, values)
            assert told == by_files.render(letter, language, values), f"{letter}, {state}"
            if letter in ("acknowledgement", "notice-new"):
                assert told == their_words.render(letter, language, values), f"{letter}, {state}"
    assert by_files.stood_in() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_recipient_may_read_is_known(renderer: Renderer, language: str) -> None:
    """Whichever part a program quotes."""
    for letter, values in samples(renderer, language).items():
        told = renderer.render(letter, language, values)
        body = LexborHTMLParser(told.html).body
        assert body is not None
        assert bare(told.said) == [*bare(told.text), *bare(body.text(separator=" ", strip=True))], letter


@pytest.mark.parametrize(
    "odd",
    [
        '<p title="a > b">uno</p> dos',
        "<p>uno<!-- > no --></p>dos",
        "<style>p > b {}</style><p>uno</p>dos",
        "<p>uno &lt;dos",
        "a < b",
        "uno<br>dos &amp;lt; tres",
        "<",
        "",
    ],
)
def test_what_an_odd_letter_says_is_known_too(odd: str) -> None:
    """An operator's HTML, or an agent's."""
    for page in (odd, f"<html><head><title>no</title></head><body class=x>{odd}</body></html>"):
        body = LexborHTMLParser(page).body
        assert bare(told_by(page)) == bare(body.text(separator=" ") if body else "")


@pytest.mark.parametrize(("letter", "language"), ALL)
def test_every_letter_is_whole_and_light_and_spies_on_nobody(renderer: Renderer, letter: str, language: str) -> None:
    """Language, roles, a preheader; under 60 KB; styles inside the elements; nothing fetched from anywhere."""
    told = rendered(renderer, letter, language)
    tree = LexborHTMLParser(told.html)
    assert tree.css_first("html").attributes["lang"] == language
    assert tree.css_first("[role=article]") is not None
    assert all(table.attributes.get("role") == "presentation" or table.css("th[scope]") for table in tree.css("table"))
    assert tree.css_first(".preheader").text(strip=True)
    assert tree.css_first(".card").attributes["style"]
    assert all(link.attributes["href"].startswith(("mailto:", "tel:")) for link in tree.css("a"))
    assert not tree.css("script, link, iframe")
    assert all(image.attributes["src"].startswith("cid:") and image.attributes["alt"] for image in tree.css("img"))
    assert "http" not in told.html
    desk, ana = Address("Mesa", "d@desk.example"), Address("Ana", "a@c.example")
    raw = compose(Letter(desk, ana, told.subject, told.text, told.html, "<1@desk.example>", NOW))
    assert len(raw) < 60_000
    assert "\n" not in told.subject
    if letter not in ABOUT_NO_TICKET:
        assert letter in OF_THE_DESK or told.subject.endswith(("factura", "ana@client.example", "decisión", "decision"))
        assert TAG in told.subject or letter in WITHOUT_TICKET


@pytest.mark.parametrize(("letter", "language"), ALL)
def test_a_letter_with_nothing_optional_still_reads_well(renderer: Renderer, letter: str, language: str) -> None:
    """A stranger's ticket: no name, no client, no promise, no files."""
    told = renderer.render(letter, language, states(renderer, language)[letter]["bare"])
    assert "None" not in told.text + shown(told.html)
    assert "Undefined" not in told.text + told.html
    assert "\n\n\n" not in told.text
    assert told.subject


def test_the_acknowledgement_tells_number_promise_and_how_to_go_on(renderer: Renderer) -> None:
    told = rendered(renderer, "acknowledgement")
    assert told.subject == "Re: [#1042] No imprime la factura"
    assert "Hola, Ana María Muñoz:" in told.text
    assert "A más tardar el martes 24 de noviembre, 3:30 p. m., tendrás nuestra respuesta." in told.text
    assert "* Ya se solucionó: responde SOLUCIONADO" in told.text


def test_a_strangers_words_do_not_travel_in_our_acknowledgement(renderer: Renderer) -> None:
    """Else the desk sends anybody's advertisement to any address that is put into From."""
    told = renderer.render("acknowledgement", "es", {"desk": DESK, "number": 7, "tag": "[#7]"})
    assert told.subject == "[#7] Recibimos tu mensaje"
    assert told.text.startswith("Hola:\n")


def test_english_readers_get_english_dates(renderer: Renderer) -> None:
    assert "We will answer by Tuesday, November 24, 3:30 PM" in rendered(renderer, "acknowledgement", "en").text


def test_a_language_we_do_not_have_is_spanish(renderer: Renderer) -> None:
    assert 'lang="es"' in renderer.render("acknowledgement", "fr", {"desk": DESK, "tag": TAG}).html


def test_what_a_person_wrote_is_shown_and_never_run(renderer: Renderer) -> None:
    """Braces stay braces, markup stays text."""
    told = rendered(renderer, "notice-new", subject="{{ 7*7 }} {% raw %}", text=WORDS)
    assert told.subject == "[#1042] {{ 7*7 }} {% raw %}"
    assert "{{ 7 * 7 }}" in told.text
    assert "<b>papel</b>" in told.text
    assert "&lt;b&gt;papel&lt;/b&gt;" in told.html
    assert "49" not in told.text


def test_an_agents_html_is_kept_and_made_harmless(renderer: Renderer) -> None:
    html = (
        '<p onclick="x()">Haz <b>esto</b>:</p><script>alert(1)</script><img src="https://spy.example/1.gif">'
        '<img src="cid:foto@x" alt="foto"><a href="javascript:x">no</a>'
    )
    told = rendered(renderer, "answer", html=html).html
    assert "<b>esto</b>" in told
    assert 'src="cid:foto@x"' in told
    for bad in ("onclick", "<script", "alert", "spy.example", "javascript"):
        assert bad not in told


def test_a_subject_is_one_clean_line_whatever_is_in_it(renderer: Renderer) -> None:
    told = rendered(renderer, "notice-new", subject="a\r\nBcc: x@y\u2028b\x00\u202ec" + "z" * 500)
    assert told.subject.startswith("[#1042] a Bcc: x@y bc")
    assert len(told.subject) == 255


def test_a_very_long_mail_is_shown_in_part_to_agents_and_whole_to_the_client(renderer: Renderer) -> None:
    long = "palabra " * 40_000
    assert len(rendered(renderer, "notice-new", text=long).html) < 60_000
    assert "[…]" in rendered(renderer, "notice-new", text=long).text
    assert rendered(renderer, "answer", text=long).text.count("palabra") == 40_000


def test_a_value_that_the_program_forgot_is_seen_at_once(renderer: Renderer) -> None:
    with pytest.raises(LetterError, match="es/answer"):
        renderer.render("answer", "es", {"desk": DESK, "tag": TAG})


def test_a_letter_that_does_not_exist_is_named(renderer: Renderer) -> None:
    with pytest.raises(LetterError, match="no-such"):
        renderer.render("no-such", "es", {"desk": DESK})


def own(tmp_path: Path, name: str, content: str | bytes) -> tuple[Renderer, list[tuple[str, str]]]:
    """A renderer with one file of the operator's own, and what it reports."""
    told: list[tuple[str, str]] = []
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return Renderer(zone=BOGOTA, directory=tmp_path, report=lambda file, problem: told.append((file, problem))), told


def test_an_operators_file_replaces_ours_and_only_it(tmp_path: Path) -> None:
    renderer, told = own(tmp_path, "es/acknowledgement.txt", "Quiubo, {{ name }}. Es el {{ tag }}.\n")
    letter = rendered(renderer, "acknowledgement")
    assert letter.text == "Quiubo, Ana María Muñoz. Es el [#1042].\n"
    assert "Recibimos tu mensaje" in letter.html
    assert told == []


@pytest.mark.parametrize(
    "broken",
    [
        "{% if %}",
        "{{ nmae }}",
        "{{ 1 / 0 }}",
        "{{ name.__class__.__mro__ }}",
        "{% include 'es/nothing.txt' %}",
        "{% for i in range(1000000) %}x{% endfor %}",
        b"\xff\xfe\xff",
    ],
)
def test_a_broken_file_of_the_operators_is_reported_and_stops_no_mail(tmp_path: Path, broken: str | bytes) -> None:
    renderer, told = own(tmp_path, "es/acknowledgement.txt", broken)
    assert "Recibimos tu mensaje" in rendered(renderer, "acknowledgement").text
    rendered(renderer, "acknowledgement")
    assert [file for file, _ in told] == ["es/acknowledgement.txt"]  # once, not with each letter


def test_a_mended_file_is_used_without_a_restart(tmp_path: Path) -> None:
    renderer, _ = own(tmp_path, "es/acknowledgement.txt", "{% if %}")
    rendered(renderer, "acknowledgement")
    (tmp_path / "es/acknowledgement.txt").write_text("Listo.\n")
    assert rendered(renderer, "acknowledgement").text == "Listo.\n"


def test_an_operators_part_of_letters_is_in_all_of_them(tmp_path: Path) -> None:
    """And in the next letter, when it comes while we run."""
    before, told = own(tmp_path, "_partials/desk.txt", "{% if %}")
    assert "soporte@desk.example" in rendered(before, "acknowledgement").text
    (tmp_path / "_partials/desk.txt").write_text("Con gusto, {{ desk.name }}\n")
    for letter in ("acknowledgement", "notice-new"):
        assert rendered(before, letter).text.endswith("Con gusto, Soporte Técnico\n")
        assert "Compañía de Ejemplo" in rendered(before, letter).html
    assert [file for file, _ in told] == ["es/acknowledgement.txt"]


def test_an_operators_words_need_only_what_changes(tmp_path: Path) -> None:
    renderer, told = own(tmp_path, "es/words.toml", '[buttons.solved]\nlabel = "¡Listo!"\n')
    assert "* ¡Listo!: responde SOLUCIONADO" in rendered(renderer, "acknowledgement").text
    assert told == []


def test_broken_words_are_reported_and_ours_are_used(tmp_path: Path) -> None:
    renderer, told = own(tmp_path, "es/words.toml", "[buttons\n")
    assert "* Ya se solucionó:" in rendered(renderer, "acknowledgement").text
    assert told[0][0] == "es/words.toml"


@pytest.mark.parametrize("path", sorted(built_in().rglob("*.html")), ids=lambda path: path.name)
def test_inlining_the_style_sheet_loses_no_tag_and_no_mark_of_a_template(path: Path) -> None:
    """The HTML parser must not have moved, merged or dropped anything (it adds tbody, and that is all)."""
    source = path.read_text()
    done = inline_styles(source, (built_in() / "_partials/style.css").read_text())

    def tags(html: str) -> Counter[str]:
        return Counter(tag.lower() for tag in re.findall(r"</?[a-zA-Z][a-zA-Z0-9]*|\{[{%].*?[%}]\}", html))

    assert {tag: n for tag, n in tags(done).items() if "tbody" not in tag} == dict(tags(source))


def test_the_readme_names_every_variable_of_every_letter() -> None:
    """An operator writes templates with it in hand."""
    sections = documented()
    everywhere = sections.pop("every letter")
    assert set(sections) - {"filters"} == set(LETTERS)
    for letter in LETTERS:
        for language in LANGUAGES:
            assert used(letter, language) <= everywhere | sections[letter], f"{letter} in {language}"
        assert sections[letter] <= used(letter, "es"), f"{letter}: the README names what no template uses"


def test_the_readme_names_every_filter() -> None:
    assert documented()["filters"] == set(filters(BOGOTA))


def documented() -> dict[str, set[str]]:
    readme = (built_in() / "README.md").read_text()
    found = {}
    for section in readme.split("\n## ")[1:]:
        title, _, rest = section.partition("\n")
        found[title.strip().casefold()] = set(re.findall(r"(?m)^- `(\w+)`", rest))
    return found


def used(letter: str, language: str) -> set[str]:
    """Every variable of a letter's three files and of what they include."""
    environment = Environment(loader=FileSystemLoader(built_in()))  # nothing is rendered
    environment.filters.update(filters(BOGOTA))
    names: set[str] = set()
    waiting = [f"{language}/{letter}{ending}" for ending in (".subject.txt", ".txt", ".html")]
    while waiting:
        tree = environment.parse((built_in() / waiting.pop()).read_text())
        names |= meta.find_undeclared_variables(tree)
        waiting += [name for name in meta.find_referenced_templates(tree) if name]
    return names


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nearly_every_mail_is_answered_with_is_compiled_before_the_first_one(
    renderer: Renderer, language: str
) -> None:
    """Else the first client of the morning waits for it."""
    renderer.warm_up(USUAL_LETTERS, language)
    compiled = _flat.cache_info().misses
    for letter in USUAL_LETTERS:
        rendered(renderer, letter, language)
    assert _flat.cache_info().misses == compiled


def test_why_a_file_is_withheld_is_said_in_each_language(renderer: Renderer) -> None:
    reasons = {files.danger(f"a.{end}", content) for end, content in (
        ("exe", b"MZ"), ("so", b"\x7fELF"), ("class", b"\xca\xfe\xba\xbe"), ("o", b"\xcf\xfa\xed\xfe"),
        ("lnk", b"L\0\0\0\x01\x14\x02\0"), ("sh", b"#!"), ("bat", b"dir"), ("html", b"<script>"),
    )}  # fmt: skip
    for language in LANGUAGES:
        known = renderer.words(language)["withheld"]
        assert [one for one in reasons if not one.startswith(tuple(known))] == []
    assert len(reasons) == 8
