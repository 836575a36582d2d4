"""In which language somebody is answered who has never said so."""

from __future__ import annotations

import pytest

from mailgate.desk.languages import spoken_in
from mailgate.mail.message import Message, Parts


@pytest.mark.parametrize(
    ("subject", "text", "language"),
    [
        ("Invoice problem", "Hello, I cannot print invoices since yesterday. Please help me, thank you.", "en"),
        ("Login", "I can't log in to the system, what do I need to do?", "en"),
        ("No imprime", "Buenos días, la impresora no imprime desde ayer. Gracias por la ayuda.", "es"),
        ("Error", "Buenas tardes me sale esto:\n\nThe application was unable to start correctly. Click OK to close "
         "the application and contact the administrator of your system.", ""),
        ("Nota fiscal", "Não consigo emitir a nota fiscal desde ontem, podem me ajudar?", ""),
        ("Help", "", ""),
        ("", "5", ""),
    ],
)  # fmt: skip
def test_only_what_is_plain_counts(subject: str, text: str, language: str) -> None:
    assert spoken_in(Message(subject=subject, parts=Parts(text))) == language
