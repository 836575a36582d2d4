"""What was just published is found at once, by a word that nobody had written before."""

from __future__ import annotations

from mailgate.settings import Store
from mailgate.store import suggestions


def test_a_new_word_is_found_though_it_was_asked_for_in_vain(store: Store) -> None:
    for number in range(1, 44):
        suggestions.index_solution(number, f"Informe número {number}", "Ábralo desde el menú de informes.")
    asked = "El datáfono Ingenico no enciende"
    assert suggestions.ranked(suggestions.SOLUTIONS, asked) == []
    suggestions.index_solution(44, "El datáfono Ingenico", "Manténgalo oprimido diez segundos.")
    assert [one.id for one in suggestions.ranked(suggestions.SOLUTIONS, asked)] == [44]
