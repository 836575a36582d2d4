"""A page with every letter in every state, as people's screens show it: narrow or wide, by day or by night, or as text.

One HTML file without scripts from elsewhere; each letter stands in a frame of its own, in which nothing can run.
"""

from __future__ import annotations

import json
import re
from html import escape

from mailgate.letters.render import LANGUAGES, Renderer
from mailgate.letters.samples import states

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>mailgate: letters</title><style>
:root { color-scheme: light dark; --line: #d5dee6; --ink: #22303d; --paper: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --line: #2c3742; --ink: #e6ecf1; --paper: #12171c; } }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: 12px 20px; padding: 12px 20px;
  background: var(--paper); border-bottom: 1px solid var(--line); z-index: 1; }
main { display: grid; grid-template-columns: minmax(180px, 260px) 1fr; }
nav { padding: 12px 20px; border-right: 1px solid var(--line); position: sticky; top: 54px; align-self: start;
  max-height: calc(100vh - 54px); overflow: auto; }
nav a { display: block; padding: 3px 0; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; }
section { padding: 8px 24px 32px; min-width: 0; }
h2 { font-size: 17px; margin: 24px 0 2px; } h3 { font-size: 14px; font-weight: 600; margin: 16px 0 6px; }
p { margin: 0 0 8px; opacity: .8; }
iframe { display: block; width: 100%; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
.narrow iframe { max-width: 360px; } .wide iframe { max-width: 800px; }
pre { display: none; max-width: 760px; white-space: pre-wrap; overflow-wrap: anywhere; padding: 16px;
  border: 1px solid var(--line); border-radius: 8px; }
.text pre { display: block; } .text iframe { display: none; }
.es [data-language=en], .en [data-language=es] { display: none; }
@media (max-width: 700px) { main { display: block; } nav { position: static; border: 0; max-height: 220px; } }
</style></head><body class="wide es">
<header><strong>mailgate</strong>
<label>Width <select data-kind="width"><option>wide</option><option>narrow</option></select></label>
<label>Language <select data-kind="language"><option>es</option><option>en</option></select></label>
<label>Show <select data-kind="part"><option>html</option><option>text</option></select></label>
<label>Light <select data-kind="light"><option value="">as the screen's</option><option>light</option>
<option>dark</option></select></label></header>
<main><nav aria-label="Letters">@links@</nav><section>@letters@</section></main>
<script>
const letters = @data@;
const chosen = { light: '' };
// A letter asks for the screen's light; here a reader chooses it: the question is answered in the copy that is shown.
const lit = (html) => !chosen.light ? html : html.replace(/@media \\(prefers-color-scheme: dark\\)/g,
  chosen.light === 'dark' ? '@media all' : '@media not all');
const frames = new IntersectionObserver((seen) => seen.filter(s => s.isIntersecting).forEach(s => {
  frames.unobserve(s.target); s.target.srcdoc = lit(letters[s.target.dataset.key]); }), { rootMargin: '600px' });
const show = () => document.querySelectorAll('iframe').forEach(f => {
  f.removeAttribute('srcdoc'); frames.observe(f); });
document.querySelectorAll('iframe').forEach(f => f.addEventListener('load', () => {
  f.style.height = Math.min(2400, Math.max(160, f.contentDocument.documentElement.scrollHeight)) + 'px'; }));
document.querySelectorAll('select').forEach(select => select.addEventListener('change', () => {
  if (select.dataset.kind === 'light') { chosen.light = select.value; show(); return; }
  [...select.options].forEach(option => document.body.classList.remove(option.value));
  document.body.classList.add(select.value); show(); }));
show();
</script></body></html>
"""


# In the place of pictures that travel with a letter.
_PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='534' height='180'%3E"
    "%3Crect width='100%25' height='100%25' fill='%23c4d0da'/%3E%3C/svg%3E"
)


def gallery(renderer: Renderer) -> str:
    """The page. Raises LetterError when a letter of ours cannot be written."""
    links, shown, letters = [], [], {}
    all_states = {language: states(renderer, language) for language in LANGUAGES}
    for letter, by_state in all_states[LANGUAGES[0]].items():
        links.append(f'<a href="#{escape(letter)}">{escape(letter)}</a>')
        shown.append(f'<h2 id="{escape(letter)}">{escape(letter)}</h2>')
        for language in LANGUAGES:
            for state in by_state:
                told = renderer.render(letter, language, all_states[language][letter][state])
                key = f"{language}/{letter}/{state}"
                letters[key] = re.sub(r'src="cid:[^"]*"', f'src="{_PICTURE}"', told.html)
                shown.append(
                    f'<div data-language="{language}"><h3>{escape(state)}</h3><p>{escape(told.subject)}</p>'
                    f'<iframe title="{escape(key)}" data-key="{escape(key)}" sandbox="allow-same-origin"></iframe>'
                    f"<pre>{escape(told.text)}</pre></div>"
                )
    data = json.dumps(letters, ensure_ascii=False).replace("</", "<\\/")
    page = _PAGE.replace("@links@", "\n".join(links)).replace("@letters@", "\n".join(shown))
    return page.replace("@data@", data)
