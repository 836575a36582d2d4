"""The report as a spreadsheet: a sheet a table, numbers as numbers and dates as dates, and each PQRS of the month.

What people wrote is text whatever it looks like: a subject that begins with ``=`` is no formula. openpyxl comes with
``mailgate[report]``; without it there is no spreadsheet, and the letter says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from mailgate.letters.report_tables import Cell, Table

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60  # characters
LONGEST = 32_000  # characters a cell may hold
_NOT_IN_SHEETS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")


def spreadsheet(tables: Sequence[Table], title: str) -> bytes | None:
    """The workbook's bytes; None when openpyxl is not installed."""
    try:
        from openpyxl import Workbook
    except ImportError:
        return None
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    for table in tables:
        _sheet(book, table)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Any, table: Table) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(_NOT_IN_TITLES.sub(" ", table.title)[:31])
    bold = Font(bold=True)
    for column, (heading, _) in enumerate(table.columns, 1):
        _put(sheet.cell(1, column), heading)
        sheet.cell(1, column).font = bold
        sheet.cell(1, column).alignment = Alignment(wrap_text=True, vertical="top")
    rows = [*table.rows, *([table.total] if table.total else [])]
    for number, row in enumerate(rows, 2):
        for column, cell in enumerate(row, 1):
            _put(sheet.cell(number, column), cell)
            if row is table.total:
                sheet.cell(number, column).font = bold
    for column in range(1, len(table.columns) + 1):
        longest = max(len(str(sheet.cell(row, column).value or "")) for row in range(1, len(rows) + 2))
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, longest + 3)
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"


def _put(place: SheetCell, cell: Cell) -> None:
    if isinstance(cell, str):
        place.value = _NOT_IN_SHEETS.sub("", cell)[:LONGEST]
        place.data_type = "s"
    elif isinstance(cell, float):
        place.value = round(cell, 2)
        place.number_format = "0.0"
    elif isinstance(cell, date):
        place.value = cell
        place.number_format = "yyyy-mm-dd"
    elif cell is not None:
        place.value = cell
