"""Counting on Spark gives what the local engine gives; and says what to install where it cannot run."""

import gc
import shutil
from importlib.util import find_spec
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from untoward.engines import spark_session
from untoward.engines.spark import SUSPECTED, count_pairs_spark, count_reports
from untoward.engines.spark_session import LOCAL_MASTER, check_java, chosen, java_version, session
from untoward.errors import InputError, MissingExtra, UsageError
from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables
from untoward.watch.signals import counting

WHY_NOT = (
    "pyspark is not installed (pip install 'untoward[spark]')"
    if find_spec("pyspark") is None
    else "no Java on this machine: Spark needs Java 17"
    if shutil.which("java") is None
    else ""
)
on_spark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "Spark can run")
# what pyspark leaves open when a session is stopped is not ours
quiet = [pytest.mark.filterwarnings(f"ignore::{kind}") for kind in ("ResourceWarning", "DeprecationWarning")]


@pytest.fixture(scope="module")
def running():
    """One session for all tests: a start takes seconds."""
    with session(None, {"spark.sql.shuffle.partitions": "3"}) as spark:
        yield spark
    gc.collect()


def generated(seed, reports=400, drugs=12, events=9, plain_ids=True):
    """Tables with repeated rows, names that differ in capitals, empty and missing cells, and all kinds of roles."""
    rng = np.random.default_rng(seed)
    prefix = "" if plain_ids else "R0"

    def table(column, kinds, rows):
        capitals = rng.random(rows) < 0.3
        codes = rng.zipf(1.6, rows) % kinds
        names = [
            f"{column} É{code}" if up else f"{column.title()} é{code}"
            for code, up in zip(codes, capitals, strict=True)
        ]
        ids = [f"{prefix}{number}" for number in rng.integers(0, reports, rows)]
        holes = rng.random(rows)
        return pl.DataFrame(
            {
                "report_id": [None if hole < 0.01 else one for one, hole in zip(ids, holes, strict=True)],
                column: [
                    None if hole > 0.99 else "" if hole > 0.98 else one
                    for one, hole in zip(names, holes, strict=True)
                ],
            },
            {"report_id": pl.String, column: pl.String},
        )

    roles = pl.Series(
        "role", rng.choice(["suspect", "interacting", "concomitant", ""], reports * 2, p=[0.5, 0.1, 0.3, 0.1])
    )
    with_role = table("drug", drugs, reports * 2).with_columns(roles.replace("", None))
    return with_role, table("event", events, reports * 2)


def tables_of(drugs, events):
    nothing = pl.DataFrame(schema={"report_id": pl.String})
    return ReportTables(reports=nothing, drugs=drugs, events=events, ledger=Ledger())


def assert_same(spark, local):
    assert spark.frame().equals(local.frame())
    assert spark.drugs.to_list() == local.drugs.to_list()
    assert spark.events.to_list() == local.events.to_list()
    for name in ("drug_index", "event_index", "n", "drug_reports", "event_reports"):
        ours, theirs = getattr(spark, name), getattr(local, name)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    assert spark.n_total == local.n_total
    assert (spark.without_event, spark.without_drug) == (
        local.counting.without_event,
        local.counting.without_drug,
    )


@on_spark
class TestSameAnswers:
    pytestmark = quiet

    @pytest.mark.parametrize(("seed", "roles"), [(1, SUSPECTED), (2, "all"), (3, ("concomitant",))])
    def test_of_reports_in_any_role(self, running, seed, roles):
        tables = tables_of(*generated(seed, plain_ids=seed != 2))
        local = counting.count_reports(tables, roles=roles)
        counts = count_reports(tables, roles=roles, partitions=3)
        assert_same(counts, local)
        assert counts.without_role == local.counting.without_role

    @pytest.mark.parametrize("least", [3, 10_000])
    def test_of_the_pairs_with_enough_reports(self, running, least):
        tables = tables_of(*generated(4))
        assert_same(count_reports(tables, least=least), counting.count_reports(tables, least=least))

    def test_of_tables_without_roles_and_with_numbers_for_reports(self, running):
        drugs = pl.DataFrame({"report_id": [1, 1, 2, 3], "drug": ["A", "a", "A", "B"]})
        events = pl.DataFrame({"report_id": [1, 2, 2, 4], "event": ["x", "x", "Y", "x"]})
        local = counting.count_reports(tables_of(drugs, events), roles="all")
        counts = count_reports(tables_of(drugs, events), roles="all")
        assert_same(counts, local)
        assert counts.without_role == local.counting.without_role == 4

    def test_of_folders_of_files(self, running, tmp_path):
        drugs, events = generated(5)
        for name, table in (("drugs", drugs), ("events", events)):
            (tmp_path / name).mkdir()
            for part in range(4):
                table.slice(part * 200, 200).write_parquet(tmp_path / name / f"{part:04}.parquet")
        counts = count_pairs_spark(tmp_path / "drugs", str(tmp_path / "events"), roles="all")
        assert_same(counts, counting.count_pairs(drugs, events))

    def test_of_a_data_frame(self, running):
        rows = [("1", "A"), ("1", "B"), ("2", "A")]
        drugs = running.sql("select * from values ('1','A'), ('1','B'), ('2','A') as t(report_id, drug)")
        events = running.sql("select * from values ('1','x'), ('2','x'), ('2','y') as t(report_id, event)")
        local = counting.count_pairs(
            pl.DataFrame(rows, ["report_id", "drug"], orient="row"),
            pl.DataFrame({"report_id": ["1", "2", "2"], "event": ["x", "x", "y"]}),
        )
        assert_same(count_pairs_spark(drugs, events), local)

    def test_of_a_report_with_hundreds_of_drugs_and_events(self, running):
        drugs, events = generated(6)
        many = pl.DataFrame(
            {"report_id": "giant", "drug": [f"D{n:03}" for n in range(301)], "role": "suspect"}
        )
        wide = pl.DataFrame({"report_id": "giant", "event": [f"E{n:03}" for n in range(150)]})
        tables = tables_of(pl.concat([drugs, many]), pl.concat([events, wide]))
        counts = count_reports(tables, partitions=3)
        assert_same(counts, counting.count_reports(tables))
        assert len(counts) > 301 * 150

    def test_an_active_session_stays(self, running):
        tables = tables_of(*generated(7, reports=20))
        count_reports(tables)
        assert running.range(3).count() == 3
        with pytest.raises(UsageError, match="already active"):
            count_reports(tables, master="local[1]")


@on_spark
class TestNothingToCount:
    pytestmark = quiet

    def test_a_missing_column_is_named(self, running):
        drugs = running.sql("select '1' as report_id, 'A' as medicine")
        events = running.sql("select '1' as report, 'x' as event")
        with pytest.raises(InputError, match="drug: column missing") as caught:
            count_pairs_spark(drugs, events)
        assert [fault.field for fault in caught.value.faults] == ["drug", "report_id"]

    def test_no_report_in_both(self, running):
        drugs = running.sql("select '1' as report_id, 'A' as drug")
        events = running.sql("select '2' as report_id, 'x' as event")
        with pytest.raises(InputError, match="no report names both"):
            count_pairs_spark(drugs, events)

    def test_no_name_at_all(self, running):
        drugs = running.sql("select '1' as report_id, '' as drug")
        events = running.sql("select '1' as report_id, 'x' as event")
        with pytest.raises(InputError, match="drug: no row with a report and a name"):
            count_pairs_spark(drugs, events)


@pytest.mark.parametrize("roles", [(), ("suspect", "guilty")])
def test_roles_there_are_not(roles):
    with pytest.raises(UsageError, match="expected suspect, interacting, concomitant or all"):
        count_pairs_spark("drugs", "events", roles=roles)


@pytest.mark.parametrize("wrong", [{"least": 0}, {"partitions": 0}])
def test_numbers_that_cannot_be(wrong):
    with pytest.raises(UsageError, match="expected 1 or more"):
        count_pairs_spark("drugs", "events", **wrong)


def test_without_pyspark_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(spark_session, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match=r"untoward\[spark\]"):
        count_pairs_spark("drugs", "events")


class TestJava:
    def test_absent(self, monkeypatch):
        monkeypatch.delenv("JAVA_HOME", raising=False)
        monkeypatch.setattr(spark_session.shutil, "which", lambda _name: None)
        with pytest.raises(UsageError, match="needs Java 17 or later, and found none"):
            check_java()

    def test_java_home_without_java(self, monkeypatch, tmp_path):
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))
        with pytest.raises(UsageError, match="JAVA_HOME"):
            check_java()

    @pytest.mark.parametrize(
        ("said", "version"),
        [
            ('openjdk version "17.0.15" 2025-04-15', 17),
            ('java version "1.8.0_392"', 8),
            ('openjdk version "21" 2023-09-19', 21),
            ("command not understood", None),
        ],
    )
    def test_version(self, said, version):
        assert java_version(said) == version

    def test_too_old(self, monkeypatch, tmp_path):
        java = tmp_path / "bin" / "java"
        java.parent.mkdir()
        java.touch()
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))
        said = SimpleNamespace(stderr='openjdk version "11.0.2" 2019-01-15')
        monkeypatch.setattr(spark_session.subprocess, "run", lambda *_args, **_more: said)
        with pytest.raises(UsageError, match="found Java 11"):
            check_java()


class TestSettings:
    @pytest.fixture(autouse=True)
    def started_here(self, monkeypatch):
        for name in ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS"):
            monkeypatch.delenv(name, raising=False)

    def test_two_cores_of_this_machine_and_no_address_but_its_own(self):
        settings = chosen(None, {})
        assert settings["spark.master"] == LOCAL_MASTER
        assert settings["spark.ui.enabled"] == "false"
        assert settings["spark.driver.bindAddress"] == settings["spark.driver.host"] == "127.0.0.1"

    def test_the_users_master_and_settings_come_first(self):
        settings = chosen("spark://one:7077", {"spark.ui.enabled": "true"})
        assert settings["spark.master"] == "spark://one:7077"
        assert settings["spark.ui.enabled"] == "true"
        assert "spark.driver.bindAddress" not in settings
        assert chosen(None, {"spark.master": "local[1]"})["spark.master"] == "local[1]"

    @pytest.mark.parametrize("name", ["PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS"])
    def test_under_spark_submit_nothing_is_ours(self, monkeypatch, name):
        monkeypatch.setenv(name, "1")
        assert chosen(None, {"spark.x": "1"}) == {"spark.x": "1"}
