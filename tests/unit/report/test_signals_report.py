"""The report of signals: its document, its page and its charts, from made-up content."""

import re
from dataclasses import fields, replace
from datetime import date

import jsonschema_rs
import pytest

from untoward.model.ledger import Fate, Ledger, LedgerEntry
from untoward.report.signals.balance import balance_sentence, lost_rows, table_balances
from untoward.report.signals.content import (
    OnsetCurve,
    RuleTally,
    SignalsContent,
    Source,
    TopPair,
    Trend,
    TrendPoint,
)
from untoward.report.signals.document import row_document, signals_document
from untoward.report.signals.figures import cells, day, figure, flags, with_limits
from untoward.report.signals.page import render_signals_html
from untoward.report.signals.views import page_view
from untoward.tasks.schemas import schema_of
from untoward.watch.signals.readus import Item

NASTY = "<script>alert(1)</script>"
RULES = ("evans", "ema", "mhra", "umc", "eb05", "fdr")


def pair(drug="FILLER ALPHA", event="Vascular occlusion", **changed):
    """Cells of CAERS 2012, REUMOFAN PLUS with WEIGHT INCREASED, under invented names."""
    row = {
        "drug": drug, "event": event, "n": 16, "n_drug": 44, "n_event": 31, "n_total": 3356, "expected": 0.40643623,
        "prr": 80.290909, "prr_low": 42.398998, "prr_high": 152.046754, "chi2_yates": 570.0,
        "ror": 125.6, "ror_low": 56.628745, "ror_high": 278.575132, "ic": 4.186117, "ic_low": 3.393189,
        "ic_high": 4.80635, "ebgm": 17.66248, "eb05": 13.35044, "eb95": 23.00789,
        **{f"signal_{rule}": True for rule in RULES},
        "chi2": 600.0, "fisher_p": 1e-20, "mid_p": 1e-20, "fdr": 1e-15, "lrt": 43.2,
    }  # fmt: skip
    return {**row, **changed}


def ledger(dropped=2):
    entries = [
        LedgerEntry(file="a/REAC.txt", table="REAC", fate=Fate.READ, rows=100),
        LedgerEntry(file="a/REAC.txt", table="REAC", fate=Fate.KEPT, rows=95),
        LedgerEntry(file="a/REAC.txt", table="REAC", fate=Fate.MERGED, rows=3, reason="twice"),
        LedgerEntry(
            file="a/REAC.txt",
            table="REAC",
            fate=Fate.DROPPED,
            rows=dropped,
            reason="no term",
            examples=("line 7",),
        ),
    ]
    return Ledger(entries=tuple(entries))


def content(**changed):
    points = [TrendPoint(start=date(2023, month, 1), new=2, n=2 * month, expected=0.2, ic=month / 2, ic_low=month / 2 - 2,
                         ic_high=month / 2 + 1, signal=month > 4) for month in range(1, 8)]  # fmt: skip
    whole = SignalsContent(
        version="0.1.0",
        source=Source(
            paths=("downloads/made-up",), format="faers", title="FAERS quarters", reports=3356, drugs=1328, events=2874,
            without_drug=4, without_event=0, first_received=date(2023, 1, 1), last_received=date(2023, 7, 31),
            has_reports=True,
        ),
        ledger=ledger(),
        settings=("Unit of count: distinct reports", "Expected count: crude", "EBGM prior, fitted: alpha1 3"),
        options={"unit of count": "distinct reports", "margins": "reports"},
        prior={"alpha1": 3.0, "beta1": 0.4, "alpha2": 2.0, "beta2": 1.9, "share": 0.07},
        refused=(),
        rules=tuple(RuleTally(name=name, says=f"{name} >= 2", flagged=3, cannot_tell=0) for name in RULES),
        main_rule="umc", least=3, pairs=17189, listed=439, order="lower 95 % limit of IC, largest first",
        top=(TopPair(row=pair(), report_ids=("17", "23")), TopPair(row=pair(event="Blindness", ic=2.0), report_ids=())),
        points=((4.19, 1e-20, True), (2.0, 1e-5, True), (-1.0, 0.9, False)),
        trends=(Trend(drug="FILLER ALPHA", event="Vascular occlusion", rule="umc", period="month", points=tuple(points),
                      first_signal=date(2023, 5, 1), first_n=10, sequential="", undated=3),),
        onsets=(OnsetCurve(drug="FILLER ALPHA", event="Vascular occlusion", known=9, unknown=7, median_day=0.0,
                           quartile_days=(0.0, 1.0), curve=((0.0, 0.6), (1.0, 0.9), (30.0, 1.0)),
                           weibull="Onsets gather early."),),
        checklist=(
            Item(number="1a", section="Methods", asks="Unit of count", stated=("distinct reports",), author="Say why."),
        ),
    )  # fmt: skip
    return replace(whole, **changed)


class TestDocument:
    def test_it_satisfies_its_schema(self):
        validator = jsonschema_rs.validator_for(schema_of("signals"))
        assert [error.message for error in validator.iter_errors(signals_document(content()))] == []

    def test_the_schema_describes_every_part_of_the_content(self):
        shown = set(schema_of("signals")["properties"])
        hidden = {"main_rule", "points", "refused", "options", "settings"}
        assert {field.name for field in fields(SignalsContent)} - hidden <= shown

    def test_an_infinite_ratio_is_null_and_named(self):
        row = row_document(pair(prr=float("inf"), prr_low=None, prr_high=float("inf")))
        assert row["prr"] is None
        assert row["infinite"] == ["prr", "prr_high"]


class TestFigures:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (None, "–"),
            (float("inf"), "∞"),
            (0, "0"),
            (0.0123456, "0.0123"),
            (12.345, "12.3"),
            (1234.5, "1,234"),
            (3e-9, "3e-09"),
        ],
    )
    def test_three_digits_that_count(self, value, shown):
        assert figure(value) == shown

    def test_a_dash_is_never_taken_for_a_minus(self):
        assert with_limits(0.2, -0.1, 0.4) == "0.2 (-0.1 to 0.4)"
        assert with_limits(2.0, 1.0, 4.0) == "2 (1–4)"
        assert with_limits(float("inf"), None, None) == "∞"

    def test_cells_and_rules(self):
        assert cells(pair()) == (16, 28, 15, 3297)
        assert sum(cells(pair())) == 3356
        assert flags(pair(signal_ema=False, signal_eb05=None)) == (("evans", "mhra", "umc", "fdr"), ("eb05",))

    def test_a_day(self):
        assert day(date(2021, 1, 29)) == "29 Jan 2021"


class TestLedger:
    def test_it_says_that_it_adds_up(self):
        assert balance_sentence(ledger()) == "100 rows read = 95 kept + 3 merged + 2 dropped. It adds up."

    def test_it_says_that_it_does_not(self):
        assert "does not add up: a/REAC.txt, REAC: 1 rows without a fate" in balance_sentence(
            ledger(dropped=1)
        )

    def test_reasons_of_all_files_together(self):
        other = [replace(entry, file="b/REAC.txt") for entry in ledger().entries]
        both = Ledger(entries=(*ledger().entries, *other))
        assert [(one.reason, one.rows, one.files) for one in lost_rows(both)] == [
            ("twice", 6, 2),
            ("no term", 4, 2),
        ]
        assert [(one.file, one.read, one.kept) for one in table_balances(both)] == [
            ("a/REAC.txt", 100, 95), ("b/REAC.txt", 100, 95),
        ]  # fmt: skip


class TestPage:
    def test_it_stands_alone(self):
        html = render_signals_html(content())
        assert "<script" not in html
        assert not re.search(r"(?:src|href)=\"(?!#|data:,)", html)
        assert "default-src 'none'" in html

    def test_names_from_reports_are_text(self):
        nasty = TopPair(row=pair(drug=NASTY, event=f"{NASTY}\x01"), report_ids=(NASTY,))
        trend = replace(content().trends[0], drug=NASTY)
        whole = content(top=(nasty,), trends=(trend,), notes=(NASTY,))
        html = render_signals_html(replace(whole, source=replace(whole.source, paths=(NASTY,))))
        assert "<script" not in html
        assert "&lt;script&gt;" in html

    def test_cells_measures_and_reports_of_each_pair(self):
        html = render_signals_html(content())
        for said in (
            "3,297",
            "80.3 (42.4–152)",
            "4.19 (3.39–4.81)",
            "17.7 (13.4–23)",
            "17, 23",
            "and 14 more",
        ):
            assert said in html

    def test_sections_are_numbered_and_linked(self):
        page = page_view(content())
        assert [one.number for one in page.sections] == list(range(1, len(page.sections) + 1))
        html = render_signals_html(content())
        for section in page.sections:
            assert f'href="#{section.key}"' in html
            assert f'id="{section.key}"' in html

    def test_interactions_have_a_section_when_they_were_asked_for(self):
        assert "interactions" not in [one.key for one in page_view(content()).sections]
        assert "interactions" in [one.key for one in page_view(content(interactions=())).sections]

    def test_charts_say_what_they_show(self):
        page = page_view(content())
        assert page.volcano is not None
        assert "3 of 439 pairs are flagged by UMC" in page.volcano.description
        assert page.forest is not None
        assert "IC 4.19" in page.forest.description
        assert page.trends[0].picture is not None
        assert page.onsets[0].picture is not None

    def test_one_dashed_line_whatever_the_number_of_pairs(self):
        many = tuple((n / 20, 10.0 ** (-n / 4), False) for n in range(100))
        page = page_view(content(points=many))
        assert page.volcano is not None
        assert page.volcano.wide.count("stroke-dasharray") == 1

    def test_nothing_to_show(self):
        bare = content(top=(), points=(), trends=(), onsets=(), checklist=(), listed=0)
        html = render_signals_html(bare)
        assert "No pair has enough reports to be listed." in html

    def test_a_picture_of_a_hundred_thousand_pairs_stays_small(self):
        many = tuple((n % 613 / 100 - 2, 1 / (1 + n % 7919), n % 3 == 0) for n in range(100_000))
        html = render_signals_html(content(points=many))
        assert len(html) < 4_000_000
