"""The READUS-PV section: all parts, what a run states, and that it claims nothing it does not know."""

from datetime import date

import polars as pl
import pytest

from untoward.kernels.gamma_poisson import Prior
from untoward.model.ledger import Fate, Ledger, LedgerEntry
from untoward.model.reports import ReportTables
from untoward.watch.signals.counting import count_reports
from untoward.watch.signals.measures import measure
from untoward.watch.signals.readus import LIMITS, RunFacts, as_markdown, checklist, facts_of

NUMBERS = (
    "1a 1b 2a 2b 2c 3 4a 4b 5a 5b 6a 6b 6c 6d 7a 7b 7c 7d 7e 8a 8b 9 10 11 12a 12b 12c 13 14a 14b 14c 14d"
).split()
"""The 32 parts of the 14 items."""

AUTHORS_ALONE = {
    "2a",
    "2b",
    "2c",
    "6d",
    "7a",
    "7d",
    "7e",
    "10",
    "11",
    "12a",
    "12b",
    "12c",
    "14a",
    "14b",
    "14c",
}

LEDGER = Ledger().with_entries(
    [
        LedgerEntry(file="a", table="reports", fate=Fate.READ, rows=6),
        LedgerEntry(file="a", table="reports", fate=Fate.KEPT, rows=4),
        LedgerEntry(file="a", table="reports", fate=Fate.MERGED, rows=1, reason="an older version"),
        LedgerEntry(file="a", table="reports", fate=Fate.DROPPED, rows=1, reason="no key"),
    ]
)

TABLES = ReportTables(
    reports=pl.DataFrame(
        {
            "report_id": ["1", "2", "3", "4"],
            "received": [date(2020, 3, 1), None, date(2021, 5, 6), date(2019, 2, 2)],
            "age_years": [30.0, 40.0, None, 50.0],
            "sex": ["F", "F", "M", None],
            "serious": [True, None, False, True],
            "died": [None, None, None, None],
            "source": ["faers"] * 4,
        },
        schema_overrides={"died": pl.Boolean},
    ),
    drugs=pl.DataFrame(
        {"report_id": ["1", "2", "3", "4"], "drug": ["A", "A", "B", "B"], "role": ["suspect"] * 3 + [None]}
    ),
    events=pl.DataFrame({"report_id": ["1", "2", "3"], "event": ["X", "Y", "X"]}),
    ledger=LEDGER,
)


@pytest.fixture(scope="module")
def items():
    counts = count_reports(TABLES)
    scored = measure(counts, prior=Prior(1, 1, 1, 1, 0.5))
    facts = facts_of(
        scored.settings,
        counts=counts,
        tables=TABLES,
        table=scored.table,
        software="untoward 9.9",
        extracted=date(2022, 1, 1),
        drugs=("A",),
    )
    return {item.number: item for item in checklist(facts)}


def test_all_parts_in_order(items):
    assert list(items) == NUMBERS
    assert all(item.asks.endswith(".") for item in items.values())


def test_what_the_author_alone_knows_is_left_to_the_author(items):
    for number in AUTHORS_ALONE:
        assert items[number].stated == ()
        assert items[number].author
        assert items[number].state == "to be added"


def test_what_the_run_states(items):
    def told(number):
        return " ".join(items[number].stated)

    assert "FAERS, kept by the US Food and Drug Administration" in told("5a")
    assert "2019-02-02 to 2021-05-06" in told("5a")
    assert "2 names of drugs and 2 of events" in told("5a")
    assert "Extracted on 2022-01-01" in told("5b")
    assert "1 merged: an older version." in told("5b")
    assert "1 dropped: no key." in told("8a")
    assert "6 read, 4 kept, 1 merged, 1 dropped" in told("8a")
    assert "4 reports after reading. 3 of them in the tables." in told("8a")
    assert "1 rows of drugs with no known role" in told("6a") or "without an event" in told("6a")
    assert "suspect, interacting" in told("6c")
    assert "Signal by evans" in told("7b")
    assert "limits 95 %" in told("7b")
    assert "Sex: 2 female, 1 male, 1 not known." in told("8b")
    assert "median 40 years (quartiles 35 to 45), 1 not known" in told("8b")
    assert "Serious: 2 yes, 1 no, 1 not known" in told("8b")
    assert "Died" not in told("8b")
    assert "3 pairs tested" in told("9")
    assert told("13") == LIMITS
    assert "untoward 9.9" in told("14d")
    assert "Drugs: A." in told("1b")
    assert items["4a"].state == "stated"
    assert items["8a"].state == "stated"
    assert items["7b"].state == "partly stated"


def test_a_run_that_knows_little_claims_little():
    items = {item.number: item for item in checklist(RunFacts(settings=()))}
    stated = {number for number, item in items.items() if item.stated}
    assert stated == {"1a", "4a", "13"}  # the design itself, and its limits
    assert items["8a"].author == "The run does not know it."
    assert items["7c"].state == "to be added"


def test_adjusted_runs_say_so():
    facts = RunFacts(settings=(), adjustment=("summed over strata (sex)",), sensitivity=("all roles",))
    items = {item.number: item for item in checklist(facts)}
    assert items["7c"].stated == ("Adjusted: summed over strata (sex).", "Sensitivity: all roles.")
    assert items["4b"].stated == ("Also made: summed over strata (sex); all roles.",)


def test_markdown_has_a_row_per_part(items):
    text = as_markdown(items.values())
    rows = text.strip().split("\n")
    assert len(rows) == 34
    assert all(row.count(" | ") == 4 for row in rows[2:])
    assert "signal by evans" in text.lower()


def test_a_field_that_there_is_not_is_refused():
    settings = measure(count_reports(TABLES), prior=Prior(1, 1, 1, 1, 0.5)).settings
    with pytest.raises(TypeError):
        facts_of(settings, colour="red")
