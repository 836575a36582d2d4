"""People's HTML: what no reader sees is nobody's words, what is shown can do nothing, tables stay tables."""

from __future__ import annotations

import time

import pytest

from mailgate.mail import html

IDS = frozenset({"uno@x", "dos%20@x", "dos @x"})


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">#cerrar</p>',
        '<p style="DISPLAY : NONE !important">#cerrar</p>',
        '<div style="visibility:hidden">#cerrar</div>',
        '<span style="mso-hide:all">#cerrar</span>',
        '<div style="max-height:0px;overflow:hidden">#cerrar</div>',
        '<div style="overflow:hidden; height:0">#cerrar</div>',
        '<div style="opacity:0.0;">#cerrar</div>',
        '<div style="font-size:0">#cerrar</div>',
        '<div style="text-indent:-9999px">#cerrar</div>',
        '<div style="position:absolute;left:-5000px">#cerrar</div>',
        "<div hidden>#cerrar</div>",
        "<style>#x .y{} .oculto, p{} .oculto{color:red;display:none}</style><div class=oculto>#cerrar</div>",
        "<title>#cerrar</title>",
        "<script>#cerrar</script>",
        "<!-- #cerrar -->",
        "<template>#cerrar</template>",
    ],
)
def test_what_no_reader_sees_is_not_read_nor_shown(hidden: str) -> None:
    seen = html.visible(f"<p>Arriba</p>{hidden}<p>Abajo</p>")
    assert html.to_text(seen).split() == ["Arriba", "Abajo"]
    assert "cerrar" not in html.sanitize(seen)


@pytest.mark.parametrize(
    "shown",
    [
        '<td style="font-size:0"><span style="font-size:14px">texto</span></td>',
        '<div style="max-height:0">texto</div>',
        '<div style="opacity:0.5">texto</div>',
        '<div style="display:nonexistent">texto</div>',
        '<div style="line-height:0">texto</div>',
        "<style>@media (max-width:600px){.m{display:none}}</style><div class=m>texto</div>",
        '<p style="color:#333;font-size:0.9em">texto</p>',
    ],
)
def test_what_a_reader_sees_is_kept(shown: str) -> None:
    assert "texto" in html.to_text(html.visible(shown))
    assert "texto" in html.sanitize(html.visible(shown))


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><path/></svg>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href=' java\nscript:alert(1)'>a</a>",
        "<a href='data:text/html,x'>a</a>",
        "<img src='http://rastreo.example/x.gif'>",
        "<img src='//rastreo.example/x.gif'>",
        "<img src='file:///etc/passwd'>",
        "<img src='cid:../../etc/passwd'>",
        "<img src='cid:otro@ticket'>",
        "<img srcset='http://rastreo.example/x 2x'>",
        "<table background='http://rastreo.example/x'><tr><td>x</td></tr></table>",
        "<div style='background:url(http://rastreo.example/x)'>x</div>",
        "<div style='width:expression(alert(1))'>x</div>",
        "<div style='position:fixed;top:0;z-index:9'>x</div>",
        "<div style='margin-top:-500px'>x</div>",
        "<div style='color:r\\65 d;behavior:url(x)'>x</div>",
        "<link rel=stylesheet href=http://rastreo.example/x>",
        "<meta http-equiv=refresh content='0;url=http://rastreo.example'>",
        "<base href='http://rastreo.example/'>",
        "<form action=http://rastreo.example><input><button>ok</button></form>",
        "<iframe src=http://rastreo.example></iframe>",
        "<object data=x></object><embed src=x>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<video src=http://rastreo.example/v></video><audio src=x></audio>",
        "<img title='a><script>alert(1)</script>' src='http://rastreo.example/x.gif'>",
        "<img alt='<iframe src=x>' title='\"><object>' src='cid:otro@ticket'>",
    ],
)
def test_nothing_shown_acts_loads_or_covers(attack: str) -> None:
    safe = html.sanitize(html.visible(f"<p>hola</p>{attack}"), IDS).lower()
    assert "hola" in safe
    for word in ("rastreo", "onerror=a", "<img", "script:", "data:", "url(", "position", "-500", "expression", "<form",
                 "<iframe", "<meta", "<base", "<link", "<svg", "<object", "<input", "behavior"):  # fmt: skip
        assert word not in safe, safe


def test_images_of_the_mail_itself_are_shown() -> None:
    safe = html.sanitize('<img src="cid:uno@x" alt="a"><img src="CID:dos%20@x">', IDS)
    assert safe.count("<img") == 2


def test_remote_image_leaves_its_words() -> None:
    assert (
        html.sanitize('<p><img src="https://x.example/logo.png" alt="Cliente S.A.S."></p>') == "<p>Cliente S.A.S.</p>"
    )


def test_looks_that_carry_meaning_are_kept() -> None:
    cell = '<table border="1"><tr><td colspan="2">y</td></tr></table>'
    safe = html.sanitize(f'<p style="color:red;font-weight:bold;margin:0 0 8px">x</p>{cell}')
    assert "color:red" in safe
    assert "font-weight:bold" in safe
    assert 'colspan="2"' in safe


def test_tables_and_lists_read_well() -> None:
    text = html.to_text(
        "<p>Precios:</p><table><tr><th>Plan</th><th>Valor</th></tr><tr><td>Oro</td><td>90</td></tr></table>"
        "<ol><li>uno</li><li>dos</li></ol><pre>a\n  b</pre>fin&nbsp;&amp; ya"
    )
    assert "Precios:\n\nPlan  Valor\nOro   90" in text
    assert "1. uno\n" in text
    assert "a\n  b\n" in text
    assert text.endswith("fin & ya")


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 200_000 + "fondo",
        "<a " * 20_000 + ">fondo",
        "<b><i><u>" * 30_000 + "fondo",
        "<table><tr><td>" * 20_000 + "fondo",
        "<p style='" + "a:b;" * 100_000 + "'>fondo",
        "<" * 500_000 + " fondo",
        "&" * 500_000 + "fondo",
        "<p>a" * 200_000 + "fondo",
        "<style>" + "@media{" * 50_000 + "</style>fondo",
        "<style>" + ".a{display:none}" * 20_000 + "</style>fondo",
    ],
    ids=range(10),
)
def test_bombs_cost_little_and_the_words_survive(bomb: str) -> None:
    start = time.process_time()
    seen = html.visible(bomb)
    text = html.to_text(seen)
    html.sanitize(seen)
    assert time.process_time() - start < 5
    assert "fondo" in text or bomb.startswith("<a ")


BURSTING = {
    "one tag with 50 000 attributes": "<p " + " ".join(f"a{n}=b" for n in range(50_000)) + ">hola</p>",
    "attributes without values": "<p " + " ".join(f"a{n}" for n in range(50_000)) + ">hola</p>",
    "formatting opened again in each paragraph": "".join(f"<b id={n}>" for n in range(600)) + "<p>hola" * 2_000,
    "links opened again in each cell": "".join(f"<font size={n}>" for n in range(900)) + "<td><p>hola" * 2_000,
}


@pytest.mark.parametrize("bursting", BURSTING.values(), ids=BURSTING.keys())
def test_a_small_document_that_bursts_in_a_parser_is_read_as_text(bursting: str) -> None:
    began = time.process_time()
    seen = html.visible(f"<p>Arriba</p>{bursting}")
    assert html.to_text(seen).split()[:2] == ["Arriba", "hola"]
    assert "hola" in html.sanitize(seen)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "careless", ["<p><font size=2>hola", "<p><b>hola</b></p>", "<td><a href=https://a.example>hola</a></td>"]
)
def test_careless_but_honest_formatting_is_kept(careless: str) -> None:
    assert html.visible(careless * 2_000).count("<") > 2_000
    assert not html.bursts(careless * 2_000)


def test_a_picture_inside_its_tag_is_no_heap_of_attributes() -> None:
    picture = '<img alt="plano" src="data:image/png;base64,' + "iVBORw0KGgo/" * 2_000 + '">'
    assert 'alt="plano"' in html.visible(f"<p>Adjunto {picture}</p>")


@pytest.mark.parametrize(
    ("source", "deep"),
    [("", 0), ("hola < 3", 0), ("<div>", 1), ("<div><b>a</b></div>", 2), ("<div></div><div></div>", 1),
     ("</div></div><div>", 1), ("<div><br><p><li><td><img></div>", 1), ("<DIV><Span>", 2), ("<o:p><o:p>", 2)],
)  # fmt: skip
def test_depth_is_counted_without_building_anything(source: str, deep: int) -> None:
    assert html.depth(source) == deep
    assert deep == 0 or html.deeper_than(source, deep - 1)
    assert not html.deeper_than(source, deep)
