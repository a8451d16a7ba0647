"""The rows of files sorted into new, repeated, rejected and left out."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from addin.actions.book import Value, text_of
from addin.actions.campaign_updates import CAMPAIGNS, Campaigns, NotTold
from addin.actions.cell_kinds import as_kind
from addin.actions.load_plan import Preview
from addin.actions.mapping import CONSTANT, NotMapped, amount_in, missing_columns
from addin.actions.order_rows import Orders, kept_rows, orders_of
from addin.actions.report_rows import report_of
from addin.actions.row_checks import ANOTHER, Checker, Problem
from addin.actions.subscriptions import subscriptions_of
from addin.actions.total_lines import without_totals
from addin.actions.two_amounts import SALES, both_readings
from addin.exports import GENERAL, Export, fits, found_in, plain
from addin.schema import Column, ColumnKind, OneOf, aliases
from addin.schema.terms import SCALES
from addin.scores import MOST_POINTS, MOST_STARS, scale_named
from addin.tabular import DataFile, NotRead, unit_named

ORDERS = "tblTransactions"
TAX = {
    (
        "gross*",
        "*brutto*",
        "*bruto*",
        "*incl*tax*",
        "*incl*vat*",
        "*inkl*",
        "*bruttó*",
        "*с ндс*",
    ): "with tax, as its name says",
    (
        "net",
        "net *",
        "net amount*",
        "*netto*",
        "*neto*",
        "*excl*",
        "*nettó*",
        "*без ндс*",
    ): "without tax, as its name says",
}
"""What the heading of an amount says of tax."""
STARS = ("rating", "*stars*", "bewertung", "pisteet", "pontszám", "оценка")
"""Headings of answers that may be stars in place of points."""
FEW_ANSWERS = 2
"""So few answers of people who would not recommend may well be all under other headings."""
OF_IDS = ("campaign", "campaign id")
"""Headings under which campaigns of the book are meant, whatever stands there."""
FIRST_ROWS = 3
"""So many rows are shown as the file has them."""
Columns = dict[str, Sequence[Value | NotRead]]


class FileLoader:
    """Adds files to a preview."""

    def __init__(
        self, found: Preview, checker: Checker, given: Mapping[str, str], where: Mapping[str, str],
        campaigns: Campaigns | None = None,
    ) -> None:  # fmt: skip
        self.found, self.checker, self.wanted = found, checker, checker.wanted
        self.given, self.ways, self.where, self.campaigns = given, found.ways, where, campaigns
        self.read: Columns = {}
        self.shown = 0

    def add(self, file: DataFile, export: Export | None, folder: Mapping[str, Mapping[str, int]]) -> None:
        """Sort a file's rows into new, repeated, rejected and left out."""
        found, name = self.found, file.path.name
        if export:
            found.notes.append(f"{name} is read as {export.name}")
        found.notes += [f"{name}: {note}" for note in file.notes]
        if not found.before:
            found.before = {heading: file.column(heading)[:FIRST_ROWS] for heading in found.mapping.values()
                            if heading in file.headings}  # fmt: skip
        found.rejected_cells += [{} for _ in file.too_long]
        found.rejected += [
            Problem(f"{name}, row {number}", "", "it has more cells than there are headings; see its separators and "
                    "quotation marks")
            for number in file.too_long
        ]  # fmt: skip
        rows, left_out = kept_rows(file, export, found.mapping, self.where)
        found.left_out += left_out
        if self.campaigns and export and export.is_report:
            self._add_report(self.campaigns, file, export, folder, rows)
            return
        orders = Orders()
        if found.table != ORDERS:
            kept = without_totals(file, rows)
            found.left_out += Counter({"a line of totals": len(rows) - len(kept)} if len(kept) < len(rows) else {})
            rows = kept
        numbers = [file.numbers[row] for row in rows]
        if export and export.periods:
            columns, numbers = self._periods(file, export, rows)
        else:
            columns = self.read = self._columns(file, folder)
            if found.table == ORDERS:
                orders = orders_of(file, export, found.mapping, columns, rows, self.ways)
                self._describe_amount(file, export, orders.less, orders.times)
                columns, numbers = dict(orders.columns), orders.numbers
                found.left_out += orders.left_out
                found.further += orders.further
                found.states += orders.states
                found.currencies += orders.currencies
                found.notes += [f"{name}: {note}" for note in orders.notes]
                if orders.joined:
                    found.notes.append(f"{name}: {orders.joined:,} orders have several lines, and count once each")
                for key, unclear in orders.unclear.items():
                    found.ask(name, key, unclear)
                if unclear_sides := both_readings(file, export, self.given):
                    found.ask(name, SALES, unclear_sides)
            else:
                columns = {column: [values[row] for row in rows] for column, values in columns.items()}
            self._name_not_read(file, export, orders.read)
        self._check(file, columns, numbers, orders)

    def _add_report(
        self, campaigns: Campaigns, file: DataFile, export: Export, folder: Mapping[str, Mapping[str, int]],
        rows: Sequence[int],
    ) -> None:  # fmt: skip
        """Take in what a report says that campaigns cost."""
        found, name = self.found, file.path.name
        if "Start" not in found.mapping:
            raise NotMapped(
                f"{file.path} does not say on which days the money was spent: download the report by day, or say when "
                'the campaigns began, such as --map "Start==2026-09-01"', found.table, found.mapping,
            )  # fmt: skip
        columns = self.read = self._columns(file, folder)
        report = report_of(file, export, found.mapping, columns, rows, self.ways)
        found.left_out += report.left_out
        found.currencies += report.currencies
        for heading, unclear in [*report.unclear.items()][:1]:
            if "Start" not in found.unclear:
                found.ask(f"{name}, {heading}", "Start", unclear)
        self._name_not_read(file, export, report.read)
        found.notes += [f"{name}: {note}" for note in report.notes]
        campaigns.begin_file()
        for spend in report.campaigns:
            budget = spend.values["Budget"]
            if budget is None or (budget == 0.0 and not campaigns.has_days_of(spend)):
                found.left_out["without spend"] += 1
                continue
            place = ""
            try:
                column, reason = self.checker.fault({**spend.values, "Budget": campaigns.budget(spend, report.period)})
                if not reason:
                    place = campaigns.take(spend, self.checker.in_words_of(spend.values), report.period)
            except NotTold as error:
                column, reason = "Campaign", str(error)
            if reason:
                for number in spend.numbers:
                    self._reject(file, number, column, reason)
            elif place:
                found.duplicates.append(
                    Problem(f"{name}, row {spend.numbers[0]}", "Campaign", f"the same Campaign stands in {place}")
                )
            elif self.shown < FIRST_ROWS:
                self._pair(file, spend.numbers[0])

    def _name_not_read(self, file: DataFile, export: Export | None, beside: Collection[str]) -> None:
        """Name the headings that nothing was read from."""
        found = self.found
        read = {*found.mapping.values(), *beside, found_in(file.headings, export.needs) if export else ""}
        filtered = {heading.casefold() for heading in self.where}
        found.not_read += [name for name in file.headings if name and name not in (*read, *found.not_read)
                           and name.casefold() not in filtered]  # fmt: skip

    def _reject(self, file: DataFile, number: int, column: str, reason: str) -> None:
        row = bisect_left(file.numbers, number)
        self.found.rejected.append(Problem(f"{file.path.name}, row {number}", column, reason))
        self.found.rejected_cells.append(
            {heading: cells[row] for heading, cells in zip(file.headings, file.columns, strict=True)}
        )

    def _columns(self, file: DataFile, folder: Mapping[str, Mapping[str, int]]) -> Columns:
        """A file's columns as the table's, read as what they shall be; how that was done is noted."""
        found, name = self.found, file.path.name
        missing = [column for column, rule in self.wanted.items()
                   if rule.expected_in_files and column not in found.mapping]  # fmt: skip
        if missing:
            raise missing_columns(file, found.table, found.mapping, missing)
        columns: Columns = {}
        for column, rule in self.wanted.items():
            heading = found.mapping.get(column, "")
            if heading and not heading.startswith(CONSTANT):
                read = as_kind(file.column(heading), rule.kind, file.habits, folder[column], self.ways.get(column, ""),
                               labelled=rule.labelled)  # fmt: skip
                if rule.kind is ColumnKind.NUMBER and (unit := unit_named(heading)):
                    read.values = unit.in_whole(read.values)
                    found.notes.append(f"{name}: {heading} is {unit.note}")
                if column == "Campaign":
                    read.values = [self._campaign(value) for value in read.values]
                if self._strange(column, rule, read.values):
                    found.notes.append(f"{name}: {heading} holds nothing that {column} can be, and is left out")
                    del found.mapping[column]
                    read.values = [None] * len(file.numbers)
                if column == "Score" and column not in self.given:
                    self._refuse_other_scales(file, heading, read.values)
                if read.unclear:
                    self.found.ask(f"{name}, {heading}", column, read.unclear)
                elif way := self.ways.get(column):
                    found.notes.append(f"{name}, {heading}: {way}, as was answered")
                columns[column] = read.values
            else:
                constant = heading.removeprefix(CONSTANT) or None
                default = self._default(rule)
                (value,) = as_kind([constant if heading else default], rule.kind).values
                columns[column] = [self._campaign(value) if column == "Campaign" else value] * len(file.numbers)
                if not heading and default is not None and found.table != ORDERS:
                    found.notes.append(f"{name} has no {column}: {text_of(default)} is taken")
        return columns

    def _campaign(self, value: Value | NotRead) -> Value | NotRead:
        """A campaign's id, where a file has its name."""
        return self.checker.campaigns.get(value.casefold(), value) if isinstance(value, str) else value

    def _refuse_other_scales(self, file: DataFile, heading: str, values: Sequence[Value | NotRead]) -> None:
        """Refuse answers of a scale that does not go to 10, such as stars: here they would all be detractors."""
        answers = [value for value in values if isinstance(value, float)]
        named = scale_named(heading)
        many = fits(heading, STARS) or (len(answers) > FEW_ANSWERS and 0 not in answers)
        if named and named[1] != MOST_POINTS:
            why = f"the answers under {heading} go from {named[0]} to {named[1]}"
        elif answers and many and not named and max(answers) <= MOST_STARS:
            why = f"no answer under {heading} is above {MOST_STARS}, so they seem to be stars"
        else:
            return
        others = {column: name for column, name in self.found.mapping.items() if column != "Score"}
        raise NotMapped(
            f"{file.path}: {why}, and not from 0 to {MOST_POINTS}; if they are answers, say so with --map "
            f"\"Score={heading}\"", self.found.table, others,
        )  # fmt: skip

    def _default(self, rule: Column) -> Value:
        """What a column holds where the file has none: of the scale what the question names."""
        asked = scale_named(self.found.mapping.get("Score", "")) if rule.name == "Scale" else None
        return SCALES[asked[0]] if asked else rule.default

    def _strange(self, column: str, rule: Column, values: Sequence[Value | NotRead]) -> bool:
        """Whether a column that only happens to be called so holds other things than the items of its pick list."""
        if (
            column in self.given
            or rule.required
            or not isinstance(rule.rule, OneOf)
            or (column == "Campaign" and fits(self.found.mapping[column], OF_IDS))
        ):
            return False
        there = {value for value in values if isinstance(value, str)}
        return bool(there) and all(rule.fault(value, self.checker.lists) for value in there)

    def _describe_amount(self, file: DataFile, export: Export | None, less: str, times: str) -> None:
        """Note which amount the price is, and which others there are."""
        price = self.found.mapping.get("Price", "")
        if price.startswith(CONSTANT):
            return
        descriptions = {plain(heading): text for heading, text in (export or GENERAL).amounts.items()}
        described = descriptions.get(plain(price)) or next(
            (text for words, text in TAX.items() if fits(price, words)),
            "the file does not say whether tax, shipping and discounts are in it",
        )
        words = tuple(export.amounts) if export and export.amounts else ("Price", *aliases("Price"))
        others = [f"Price={name}" for name in file.headings if name not in (price, less) and amount_in([name], words)]
        instead = f"; instead of it: {', '.join(others)}" if others else ""
        off = (f" times {times}" if times else "") + (f" less {less}" if less else "")
        self.found.notes.append(f"{file.path.name}: the price is {price}{off}: {described}{instead}")

    def _periods(self, file: DataFile, export: Export, rows: Sequence[int]) -> tuple[Columns, list[int]]:
        """The months of a file of subscriptions; rows that cannot be one are rejected."""
        counted = subscriptions_of(file, export, rows, self.ways, date.today())
        for key, (heading, unclear) in counted.unclear.items():
            self.found.ask(f"{file.path.name}, {heading}", key, unclear)
        for number, fault in counted.rejected.items():
            self._reject(file, number, *fault)
        self.found.notes.append(f"{file.path.name}: {counted.count:,} subscriptions are counted by month")
        return dict(counted.months), [file.numbers[0]] * len(counted.months["Month"])

    def _check(self, file: DataFile, columns: Columns, numbers: Sequence[int], orders: Orders) -> None:
        """Keep what is right and new."""
        found, checker = self.found, self.checker
        checker.begin_file([column for column in self.wanted if column in found.mapping] or list(self.wanted))
        for number, order, why in orders.undone:
            self._leave_out(f"{file.path.name}, row {number}", order, why)
        for index, number in enumerate(numbers):
            row = {column: cells[index] for column, cells in columns.items()}
            place = f"{file.path.name}, row {number}"
            column, reason = orders.wrong.get(number) or checker.fault(row)
            amount = row.get("Price")
            if found.table == ORDERS and isinstance(amount, float) and amount < 0 and checker.is_known(row):
                row["Order"] = f"{text_of(row['Order'])} refund"  # type: ignore[arg-type]  # read as a text
            lines = orders.lines.get(number, [number])
            if reason:
                for line in lines:
                    self._reject(file, line, column, reason)
                continue
            found.further += len(lines) - 1
            written = checker.in_words_of(row)
            before, change = checker.repeats(written)
            if found.table == CAMPAIGNS and ANOTHER in before and not change:
                self._reject(file, number, "Campaign", f"{before}; rows of one campaign are added up in a report, "
                             "whose headings are Campaign, Day and Cost")  # fmt: skip
            elif before:
                found.duplicates.append(Problem(place, checker.key[0] if checker.key else "", before, change))
            else:
                checker.accept(written, place)
                for column, value in written.items():
                    found.rows.setdefault(column, []).append(value)
                if self.shown < FIRST_ROWS:
                    self._pair(file, number)

    def _pair(self, file: DataFile, number: int) -> None:
        """Note what the cells of a new row were read as."""
        self.shown += 1
        row, found = bisect_left(file.numbers, number), self.found
        for column, values in self.read.items():
            heading, value = found.mapping.get(column), values[row]
            if heading in file.headings and value is not None and not isinstance(value, NotRead):
                found.became.setdefault(column, (file.column(heading)[row], value))

    def _leave_out(self, place: str, order: Value, why: str) -> None:
        """Count an order that came to nothing; where the table has it with an amount, that is said."""
        before, change = self.checker.repeats({"Order": order, "Price": 0.0}) if order is not None else ("", "")
        if change:
            self.found.duplicates.append(Problem(place, "Order", before, f"{change} ({why})"))
        else:
            self.found.left_out[why] += 1
