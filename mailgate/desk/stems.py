"""The words of a text as a search compares them: no accents, no endings, one word for what offices call by several.

The same terms go into every engine's index and into every query, so that SQLite and PostgreSQL find the same.
Snowball's Spanish stemmer (snowballstemmer) does the endings. Pure.
"""

from __future__ import annotations

import functools
import re
from itertools import chain, islice
from typing import Any

from mailgate.mail.accents import without_accents

LONGEST_WORD = 40
LONGEST_PIECE = 200  # of a text between two blanks
MOST_TERMS = 4000  # distinct ones of a text; what is longer is found by its beginning

# People say the one and write the other; each line is one word to a search.
_CALLED = """
imprimir impresora impresoras impresion impresiones imprime imprimio print printer printing
computador computadora computadores pc equipo ordenador portatil laptop computer
correo email mail e-mail correos
clave contrasena password passwords
lento lenta lentos demorado demora demoras despacio pegado lentitud slow
backup backups respaldo respaldos copia copias
borrar eliminar suprimir delete
anular reversar cancelar
empleado empleados trabajador trabajadores empleada colaborador funcionario
programa sistema software aplicacion aplicativo app
entrar ingresar acceder ingreso acceso login
sueldo salario sueldos salarios
existencias stock inventario inventarios
pantalla monitor
prender arrancar iniciar encender
subir cargar importar importacion upload
bajar descargar download descarga
mandar enviar envio send
vencer vencido vencida vence caducar caducado expirar expirado expired
descuadrado descuadre descuadrada descuadra cuadrar cuadra diferencia diferencias
error errores falla fallo fallas
sucursal sede bodega
celular movil telefono
factura facturacion facturar facturas invoice invoices
licencia licencias license licence
usuario usuarios user users
"""
_WORD = re.compile(r"[^\W_]+")


@functools.lru_cache(maxsize=32)
def terms(text: str) -> tuple[str, ...]:
    """The distinct terms of a text, in the order of their first word; of a very long one its beginning.

    Remembered for a while: one mail's words are indexed, and looked for in two indexes.
    """
    pieces = dict.fromkeys(text.split())
    if max(map(len, pieces), default=0) > LONGEST_PIECE:
        pieces = dict.fromkeys(_WORD.findall(text))
    found = dict.fromkeys(chain.from_iterable(map(_terms_in, islice(pieces, MOST_TERMS))))
    return tuple(islice(found, MOST_TERMS))


# Cut at its blanks a text falls into few different pieces, most of them seen before; numbers and addresses are not.
@functools.lru_cache(maxsize=4_096)
def _terms_in(piece: str) -> tuple[str, ...]:
    words = _WORD.findall(piece)
    return tuple(term for word in words for term in _terms_of(word[:LONGEST_WORD].casefold()))


@functools.lru_cache(maxsize=16_384)
def _terms_of(word: str) -> tuple[str, ...]:
    """The terms of one word: by its form with accents, and by the form of who writes without."""
    both = (_plain(_stem(word)), _stem(_plain(word)))
    same = _same()
    return tuple(dict.fromkeys(same.get(stem, stem) for stem in both if stem))


def _stem(word: str) -> str:
    bare = re.sub(r"(?<=[^aeiouns\W\d_])s$", "", word)  # «tickets», «backups»: plurals that Spanish borrowed
    return str(_stemmer().stemWord(bare)) if not bare.isdigit() else bare


def _plain(word: str) -> str:
    return "".join(filter(str.isalnum, without_accents(word, "NFKD")))


@functools.cache
def _same() -> dict[str, str]:
    """Each stem of a line → the line's first one."""
    same: dict[str, str] = {}
    for line in _CALLED.strip().splitlines():
        stems = [_stem(_plain(word)) for word in line.split()]
        same.update(dict.fromkeys(stems, stems[0]))
    return same


@functools.cache
def _stemmer() -> Any:
    import snowballstemmer  # it loads the endings of thirty languages

    return snowballstemmer.stemmer("spanish")
