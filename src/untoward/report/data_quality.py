"""Section 5: what was missing, what was left out, which names nobody knows, and what each column was taken for."""

from __future__ import annotations

from dataclasses import dataclass

from untoward.model.review import MissingData, Review
from untoward.report.numbers import count, counted, percent
from untoward.report.tables import Cell, TableView, table

MOST_NAMES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DataView:
    """The four tables of section 5, each None when there is nothing to show, and its summary."""

    summary: str
    missing: TableView | None
    ledger: TableView | None
    left_out: str
    unrecognised: TableView | None
    unrecognised_left: int
    columns: TableView | None
    columns_unused: int


def data_view(review: Review) -> DataView:
    """Everything the data did not say, or said in words that we could not read."""
    return DataView(
        summary=missing_summary(review),
        missing=_missing(review),
        ledger=_ledger(review),
        left_out=_left_out(review),
        unrecognised=_unrecognised(review),
        unrecognised_left=max(0, len(review.unrecognised) - MOST_NAMES),
        columns=_columns(review),
        columns_unused=sum(column.taken_for is None for column in review.columns),
    )


def missing_summary(review: Review) -> str:
    """One sentence: the largest gap, rows left out, names not known."""
    rows = sum(ledger.left_out for ledger in review.ledger)
    parts = [f"{counted(len(review.missing), 'column')} with missing values"] if review.missing else []
    parts += [f"{counted(rows, 'row')} left out"] if rows else []
    parts += [f"{counted(len(review.unrecognised), 'name')} not recognised"] if review.unrecognised else []
    return (
        "; ".join(parts) + "."
        if parts
        else "No missing value, no row left out and no unknown name in what was looked at."
    )


def missing_share(gap: MissingData) -> str:
    """As in "14.2 % (850 of 6,012)"."""
    share = f"{percent(gap.missing / gap.of)} % " if gap.of else ""
    return f"{share}({count(gap.missing)} of {count(gap.of)})"


def _missing(review: Review) -> TableView | None:
    if not review.missing:
        return None
    rows = [(f"{gap.table}: {gap.column}", missing_share(gap), gap.matters_for) for gap in review.missing]
    return table("Missing values", ("Column", "#Missing", "What that keeps us from saying"), rows)


def _ledger(review: Review) -> TableView | None:
    if not review.ledger:
        return None
    rows = [(one.table, count(one.read), count(one.kept), count(one.left_out)) for one in review.ledger]
    return table("Rows read, kept and left out", ("Table", "#Read", "#Kept", "#Left out"), rows)


def _left_out(review: Review) -> str:
    if not review.faults_left_out:
        return ""
    return (
        f"{counted(review.faults_left_out, 'fault')} in the input made us leave these rows out; "
        "run the review without leaving rows out to see each one with its file, row and column."
    )


def _unrecognised(review: Review) -> TableView | None:
    if not review.unrecognised:
        return None
    rows = [
        (
            one.name,
            f"{one.table}: {one.column}",
            count(one.rows),
            " or ".join(one.suggestions) or "no close name",
        )
        for one in review.unrecognised[:MOST_NAMES]
    ]
    return table("Names that are in no list of ours", ("Name", "Where", "#Rows", "Did you mean"), rows)


def _columns(review: Review) -> TableView | None:
    if not review.columns:
        return None
    rows = [
        (column.header, column.file, Cell(text=column.taken_for or "not used"), column.how)
        for column in review.columns
    ]
    return table("What each column was taken for", ("Header", "File", "Taken for", "How sure"), rows)
