"""`untoward watch` as a clinic uses it: look, look again, look back, ask."""

import json

import pytest

from untoward.tasks.simulating import plan_for, simulate_registry


@pytest.fixture
def looked(untoward, registry, tmp_path):
    ledger = tmp_path / "looks.jsonl"

    def run(*more):
        return untoward("watch", registry, "--ledger", ledger, *more)

    run.ledger = ledger
    return run


def test_the_help_has_an_example(untoward):
    assert "Example: untoward watch" in untoward("watch", "--help").out


def test_a_first_look_and_a_second(looked):
    first = looked("--json", "--as-of", "2025-03-31")
    assert first.err == ""
    document = first.document
    assert document["look"]["number"] == 1
    assert first.code == (1 if document["lit"] else 0)
    assert document["ledger"] == str(looked.ledger)
    second = looked("--json").document
    assert second["look"]["number"] == 2
    assert second["start"] == document["start"]
    assert len(looked.ledger.read_text(encoding="utf-8").splitlines()) == 3
    before = {
        (state["outcome"], state["axis"], state["value"]): state for state in document["look"]["states"]
    }
    for state in second["look"]["states"]:
        earlier = before.get((state["outcome"], state["axis"], state["value"]))
        if earlier:
            assert state["cases"] >= earlier["cases"]
            assert state["expected"] >= earlier["expected"]
            assert state["highest_log10_e"] >= earlier["highest_log10_e"]


def test_a_dry_run_writes_nothing(looked, registry):
    ran = looked("--dry-run", "--json")
    assert ran.document["ledger"] is None
    assert not looked.ledger.exists()


def test_for_people(looked):
    ran = looked()
    assert "Look 1, as of" in ran.out
    assert "this is the first look" in ran.out
    assert "What was watched, and against what:" in ran.out
    assert "device" in ran.out.split("Not watched:")[1]
    assert str(looked.ledger) in ran.out


def test_what_was_fixed_stays_fixed(looked):
    looked()
    ran = looked("--alpha", "0.01", "--outcome", "allergy", "--baseline", "0.01", "--baseline-source", "x")
    assert ran.code == 2
    for word in ("alpha", "outcomes", "baseline"):
        assert f"another {word}" in ran.err


def test_an_earlier_day_is_refused(looked):
    looked()
    ran = looked("--as-of", "2025-03-31")
    assert ran.code == 2
    assert "cannot be unlearned" in ran.err


def test_a_forged_ledger_is_refused(looked):
    looked()
    looked.ledger.write_bytes(looked.ledger.read_bytes().replace(b'"alpha":0.05', b'"alpha":0.50'))
    ran = looked()
    assert ran.code == 2
    assert "line 2: does not follow the line above it" in ran.err


def test_a_ledger_of_something_else_is_refused(looked):
    from untoward.exchange.looks import append_lines, read_ledger

    append_lines(read_ledger(looked.ledger), [{"kind": "look"}, {"kind": "look"}])
    ran = looked()
    assert ran.code == 2
    assert "line 1: holds no plan" in ran.err


def test_a_broken_end_is_repaired_on_request_alone(looked):
    looked("--as-of", "2025-03-31")
    with looked.ledger.open("ab") as file:
        file.write(b'{"kind":')
    ran = looked()
    assert ran.code == 2
    assert "--repair" in ran.err
    mended = looked("--repair", "--json")
    assert mended.document["look"]["number"] == 2
    assert "taken off and kept" in mended.document["notes"][0]


@pytest.fixture(scope="session")
def planted(tmp_path_factory):
    """Large enough that a contaminated vial makes seven cases."""
    plan = plan_for(sessions=3000, months=30, planted=("contaminated-vial",), month=None)
    return simulate_registry(plan, tmp_path_factory.mktemp("planted") / "clinics", seed=3)


def test_looking_back_finds_the_planted_vial(untoward, planted):
    ran = untoward("watch", planted, "--replay", "12", "--json", "--outcome", "infection")
    looks = ran.document["looks"]
    assert len(looks) >= 12
    assert [look["as_of"] for look in looks] == sorted(look["as_of"] for look in looks)
    assert any(state["axis"] in ("vial", "lot") for look in looks for state in look["lit"])
    assert "newly:" in untoward("watch", planted, "--replay", "12").out


def test_a_planned_question(untoward, registry):
    question = ("watch", registry, "--planned", "technique=mesotherapy", "--start", "2024-10-01")
    ran = untoward(*question, "--horizon", "5", "--json")
    document = ran.document
    assert document["critical_value"] == pytest.approx(3.29, abs=0.05)
    assert document["expected"] > 0
    assert ran.code == (1 if document["signalled_on"] else 0)
    assert "critical value" in untoward(*question, "--horizon", "5").out
    none = untoward(*question, "--horizon", "1", "--least-cases", "4")
    assert "Why: no critical value" in none.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--planned", "lot"), "expected AXIS=VALUE"),
        (("--planned", "lot=L1"), "needs --horizon"),
        (("--planned", "lot=L1", "--horizon", "5"), "needs --start"),
        (("--planned", "moon=full", "--horizon", "5"), "there is no axis 'moon'"),
        (("--axis", "moon"), "There is no axis 'moon'"),
        (("--outcome", "joy"), "There is no outcome 'joy'"),
        (("--baseline", "0.01"), "go together"),
        (("--replay", "0"), "expected 1 to 120"),
        (("--as-of", "yesterday"), "--as-of"),
        (("--start", "2099-01-01"), "is not before the look"),
    ],
)
def test_bad_use(untoward, registry, options, said):
    ran = untoward("watch", registry, "--dry-run", *options)
    assert ran.code == 2
    assert said in ran.err


def test_nothing_watched_is_no_all_clear(untoward, tables):
    folder = tables()
    ran = untoward("watch", folder, "--dry-run")
    assert "no all-clear" in ran.out
    assert "a baseline needs 50" in ran.out
    stated = untoward("watch", folder, "--dry-run", "--baseline", "0.001", "--baseline-source", "an audit")
    assert "stated: an audit" in stated.out


def test_a_line_list_is_no_registry(untoward, examples):
    ran = untoward("watch", examples / "oswego-1940")
    assert ran.code == 2
    assert "needs a registry" in ran.err.replace("\n", " ")


def test_a_faulty_registry_is_refused_unless_its_good_rows_are_wanted(untoward, tables):
    folder = tables(
        sessions="session_id,patient_id,date\nS1,P1,2026-03-02\nS1,P2,2026-03-20\nS2,P2,2026-05-01\n"
    )
    ran = untoward("watch", folder, "--dry-run")
    assert ran.code == 2
    assert "nothing was worked out" in ran.err


def test_json_has_no_number_that_json_lacks(looked):
    json.dumps(looked("--json").document, allow_nan=False)
