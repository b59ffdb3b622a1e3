"""The published briefing as a workbook: real numbers, and formulas for what follows from them.

Dated by its publication, so the same edition gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from reports.briefing import naming, wording
from reports.briefing.naming import INDICATORS, Names, ordered
from reports.briefing.tables import LEVELS, shares

Values = Mapping[str, Any]
# The head stands in this row (the first is 0), under the title and what is counted.
HEAD = 3


def xlsx(
    values: Values, *, number: int, published_at: datetime, language: str, copy: str = ""
) -> bytes:
    """The workbook in ``language``; ``copy`` is whose copy it is, at the foot of each sheet."""
    import xlsxwriter

    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    with translation.override(language):
        names = Names(values)
        title = wording.title(values, number)
        book.set_properties(
            {
                "title": title,
                "author": names.leading_court,
                "created": published_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        writer = _Writer(book, title, copy)
        writer.rates(
            _("Courts"),
            [_("Court")],
            [([names.courts[one["id"]]], one) for one in values["courts"]],
        )
        writer.rates(_("Departments"), [_("Court"), _("Department")], list(_units(values, names)))
        for of, sheet in (
            ("courts", _("Rank of courts")),
            ("departments", _("Rank of departments")),
        ):
            writer.ranking(sheet, values["ranking"][of][-1], names, of)
        writer.received(values["received"]["now"])
    book.close()
    return made.getvalue()


def _units(values: Values, names: Names) -> Iterator[tuple[list[str], Values]]:
    for court in values["courts"]:
        for one in court["departments"]:
            name = names.departments[one["id"]][0] if one["id"] else _("no department")
            yield [names.courts[court["id"]], name], one


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, title: str, copy: str) -> None:
        self.book, self.title, self.copy = book, title, copy
        self.bold = book.add_format({"bold": True})
        self.large = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "bg_color": "#EEEEEE",
                "border": 1,
            }
        )
        self.cell = book.add_format({"border": 1})
        self.share = book.add_format({"border": 1, "num_format": "0.0%", "align": "right"})
        self.sum = book.add_format({"border": 1, "bold": True, "top": 2})
        self.sum_share = book.add_format(
            {"border": 1, "bold": True, "top": 2, "num_format": "0.0%", "align": "right"}
        )

    def sheet(self, name: str, note: str, head: Sequence[str], texts: int) -> Any:
        """A sheet with its title, note and head; the first ``texts`` columns are names."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, self.title, self.large)
        sheet.write_string(1, 0, note)
        for column, words in enumerate(head):
            sheet.write_string(HEAD, column, words, self.head)
        sheet.set_column(0, texts - 1, 28)
        sheet.set_column(texts, len(head) - 1, 12)
        sheet.freeze_panes(HEAD + 1, texts)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        # An ampersand begins a code in a footer.
        sheet.set_footer(f"&L{self.copy.replace('&', '&&')}&R&P / &N")
        return sheet

    def rates(
        self, name: str, names: Sequence[str], rows: Sequence[tuple[list[str], Values]]
    ) -> None:
        """In time, due and rate for each of the three, the same of satisfaction, and the rungs;
        the last row sums them up."""
        head = [*names]
        for one in INDICATORS:
            rate = naming.indicator(one)
            head += [
                _("%(rate)s: in time") % {"rate": rate},
                _("%(rate)s: due") % {"rate": rate},
                rate,
            ]
        head += [
            _("Satisfied or very satisfied"),
            _("Requests rated"),
            naming.indicator("satisfaction"),
        ]
        head += [naming.level(level) for level in LEVELS]
        note = _("Counted are the requests whose limit ended in this month.")
        sheet = self.sheet(name, note, head, len(names))
        for place, (labels, values) in enumerate(rows):
            row = HEAD + 1 + place
            for column, label in enumerate(labels):
                sheet.write_string(row, column, label, self.cell)
            self._numbers(
                sheet,
                row,
                len(names),
                shares(values),
                [values["rungs"][str(level)] for level in LEVELS],
            )
        self._total(sheet, len(names), rows)

    def _numbers(
        self,
        sheet: Any,
        row: int,
        first: int,
        rates: Sequence[tuple[int, int]],
        rungs: Sequence[int],
    ) -> None:
        column = first
        for done, due in rates:
            sheet.write_number(row, column, done, self.cell)
            sheet.write_number(row, column + 1, due, self.cell)
            self._rate(sheet, row, column + 2, self.share, done, due)
            column += 3
        for number in rungs:
            sheet.write_number(row, column, number, self.cell)
            column += 1

    def _rate(self, sheet: Any, row: int, column: int, shape: Any, done: int, due: int) -> None:
        top, bottom = _cell(row, column - 2), _cell(row, column - 1)
        known = float(Fraction(done, due)) if due else "–"
        sheet.write_formula(row, column, f'=IF({bottom}=0,"–",{top}/{bottom})', shape, known)

    def _total(self, sheet: Any, first: int, rows: Sequence[tuple[list[str], Values]]) -> None:
        row = HEAD + 1 + len(rows)
        sheet.write_string(row, 0, _("All courts"), self.sum)
        for column in range(1, first):
            sheet.write_blank(row, column, None, self.sum)
        column = first
        parts = [shares(values) for _labels, values in rows]
        for place in range(len(INDICATORS) + 1):
            done, due = (sum(one[place][part] for one in parts) for part in (0, 1))
            self._sum(sheet, row, column, done)
            self._sum(sheet, row, column + 1, due)
            self._rate(sheet, row, column + 2, self.sum_share, done, due)
            column += 3
        for level in LEVELS:
            self._sum(
                sheet, row, column, sum(values["rungs"][str(level)] for _labels, values in rows)
            )
            column += 1

    def _sum(self, sheet: Any, row: int, column: int, known: int) -> None:
        if row == HEAD + 1:  # nothing above
            sheet.write_number(row, column, 0, self.sum)
            return
        span = f"{_cell(HEAD + 1, column)}:{_cell(row - 1, column)}"
        sheet.write_formula(row, column, f"=SUM({span})", self.sum, known)

    def ranking(self, name: str, month: Values, names: Names, of: str) -> None:
        """Place, unit, score and why it lags; unranked units have no place."""
        head = [
            _("Court") if of == "courts" else _("Department"),
            _("Rank"),
            _("Score"),
            _("Rungs fired"),
            _("Requests due"),
            _("Lagging"),
        ]
        sheet = self.sheet(name, _("Who has nothing due is left out."), head, 1)
        shown = [row for row in month["rows"] if row["requests"]]
        for place, one in enumerate(shown):
            row = HEAD + 1 + place
            unit = names.courts[one["unit"]] if of == "courts" else names.department(one["unit"])
            sheet.write_string(row, 0, unit, self.cell)
            if one["place"]:
                sheet.write_number(row, 1, one["place"], self.cell)
            else:
                sheet.write_string(row, 1, _("unranked"), self.cell)
            if one["score"] is None:
                sheet.write_string(row, 2, "–", self.share)
            else:
                sheet.write_number(row, 2, float(Fraction(one["score"])), self.share)
            sheet.write_number(row, 3, one["rungs"], self.cell)
            sheet.write_number(row, 4, one["requests"], self.cell)
            sheet.write_string(row, 5, _("yes") if one["lagging"] else "", self.cell)

    def received(self, now: Values) -> None:
        """What came in by channel and by matter, with shares."""
        head = [_("Requests received"), _("Number"), _("Share")]
        sheet = self.sheet(_("Received"), _("Counted by the day of registration."), head, 1)
        row = HEAD + 1
        groups = (
            (_("By channel, together"), naming.channel, ordered(now["channels"])),
            (_("By matter, together"), naming.matter, ordered(now["matters"])),
        )
        for words, name, counts in groups:
            first, last = row, row + len(counts)
            for code, count in counts:
                number = count[0] if isinstance(count, list) else count
                sheet.write_string(row, 0, name(code), self.cell)
                sheet.write_number(row, 1, number, self.cell)
                self._share(sheet, row, last, self.share, number, now["total"])
                row += 1
            sheet.write_string(last, 0, words, self.sum)
            if counts:
                span = f"{_cell(first, 1)}:{_cell(last - 1, 1)}"
                sheet.write_formula(last, 1, f"=SUM({span})", self.sum, now["total"])
            else:
                sheet.write_number(last, 1, 0, self.sum)
            self._share(sheet, last, last, self.sum_share, now["total"], now["total"])
            row = last + 2

    def _share(self, sheet: Any, row: int, last: int, shape: Any, number: int, of: int) -> None:
        whole = _cell(last, 1)
        known = float(Fraction(number, of)) if of else "–"
        sheet.write_formula(row, 2, f'=IF({whole}=0,"–",{_cell(row, 1)}/{whole})', shape, known)


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    found: str = xl_rowcol_to_cell(row, column)
    return found
