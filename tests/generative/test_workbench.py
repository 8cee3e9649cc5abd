"""Laws of the outbreak workbench, and its arrays against slow twins that go person by person."""

from datetime import date, datetime, timedelta
from itertools import product

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untoward.model.tables import Registry
from untoward.watch.workbench.classify import classify
from untoward.watch.workbench.definition import definition_from
from untoward.watch.workbench.joining import join_tokens
from untoward.watch.workbench.linkage import Identity, tokens_of
from untoward.watch.workbench.sampling import MatchPlan, sample_controls
from untoward.watch.workbench.trace import ILL, trace

FIRST = date(2026, 1, 1)
LEVELS = {
    "confirmed": {"all": [{"term": "nodule", "onset_day": {"from": 7, "to": 40}}, {"finding": "culture"}]},
    "suspect": {
        "all": [{"term": "nodule", "onset_day": {"from": 7, "to": 40}}, {"exposure": "lot", "value": "L1"}]
    },
}
DEFINITION = definition_from({"name": "x", "levels": LEVELS, "place": {"clinic": ["North"]}})


@st.composite
def worlds(draw):
    """Sessions of a few persons, their lots, and reactions, with any fact unknown."""
    sessions = [
        {
            "session_id": f"S{number}",
            "patient_id": f"P{draw(st.integers(0, 4))}",
            "day": draw(st.integers(0, 50)),
            "clinic": draw(st.sampled_from(["North", "North", "South", None])),
            "lots": draw(st.lists(st.sampled_from(["L1", "L2", None]), max_size=2)),
        }
        for number in range(draw(st.integers(1, 7)))
    ]
    reactions = []
    for number in range(draw(st.integers(0, 4))):
        at = draw(st.sampled_from(sessions))
        later = [s["day"] for s in sessions if s["patient_id"] == at["patient_id"] and s["day"] > at["day"]]
        most = min([60, *(day - at["day"] - 1 for day in later)])
        reactions.append(
            {
                "reaction_id": f"R{number}",
                "session": at,
                "term": draw(st.sampled_from(["nodule", "nodule", "bruise", None])),
                "onset": draw(st.one_of(st.none(), st.integers(0, max(most, 0)))),
                "culture": draw(st.sampled_from(["yes", "no", None, "pending"])),
            }
        )
    return sessions, reactions


def registry_of(sessions, reactions):
    text, number = pl.String, pl.Float64
    begin = [datetime(2026, 1, 1) + timedelta(days=s["day"]) for s in sessions]
    onset = [r["onset"] if r["onset"] is None else float(r["onset"]) for r in reactions]
    names = ["reaction_id", "session_id", "term_id", "onset_day", "onset_day_from", "onset_day_to"]
    rows = [
        (r["reaction_id"], r["session"]["session_id"], r["term"], day, day, day)
        for r, day in zip(reactions, onset, strict=True)
    ]
    return Registry(
        sessions=pl.DataFrame(
            {
                "session_id": [s["session_id"] for s in sessions],
                "patient_id": [s["patient_id"] for s in sessions],
                "date_from": begin,
                "date_to": [day + timedelta(days=1) for day in begin],
                "clinic": pl.Series([s["clinic"] for s in sessions], dtype=text),
            }
        ),
        components=pl.DataFrame(
            [(s["session_id"], lot) for s in sessions for lot in s["lots"]],
            schema={"session_id": text, "lot": text},
            orient="row",
        ),
        reactions=pl.DataFrame(
            rows, schema=dict(zip(names, [text] * 3 + [number] * 3, strict=True)), orient="row"
        ),
        observations=pl.DataFrame(
            [(r["reaction_id"], r["culture"]) for r in reactions],
            schema={"reaction_id": text, "culture": text},
            orient="row",
        ),
        findings={"culture": "culture"},
    )


def best(answers):
    return max(answers, default=-1)


def slow_standing(person, sessions, reactions):
    """The twin: 1 yes, 0 cannot be told, -1 no, by plain loops over one person's rows."""
    mine = [s for s in sessions if s["patient_id"] == person]
    place = {s["session_id"]: {"North": 1, None: 0}.get(s["clinic"], -1) for s in mine}

    def lump(reaction):
        at = reaction["session"]
        term = {"nodule": 1, None: 0}.get(reaction["term"], -1)
        days = []
        for s in mine:
            if s["day"] > at["day"] and s is not at:
                continue
            if reaction["onset"] is None:
                inside = -1 if at["day"] - s["day"] > 40 else 0
            else:
                inside = 1 if 7 <= at["day"] + reaction["onset"] - s["day"] <= 40 else -1
            days.append(min(inside, place[s["session_id"]]))
        return min(term, best(days))

    def cultured(reaction):
        at = reaction["session"]
        followed = best(place[s["session_id"]] for s in mine if s["day"] <= at["day"] or s is at)
        return min({"yes": 1, "no": -1}.get(reaction["culture"], 0), followed)

    def exposed(s):
        lot = 1 if "L1" in s["lots"] else 0 if None in s["lots"] or not s["lots"] else -1
        return min(lot, place[s["session_id"]])

    own = [r for r in reactions if r["session"]["patient_id"] == person]
    scope = best(place.values())
    ill = best(lump(r) for r in own)
    confirmed = min(ill, best(cultured(r) for r in own), scope)
    suspect = min(ill, best(exposed(s) for s in mine), scope)
    if confirmed == 1:
        return "confirmed"
    if suspect == 1:
        return "suspect"
    if scope == -1:
        return "outside"
    return "cannot be told" if 0 in (confirmed, suspect) else "not a case"


@given(worlds())
@settings(max_examples=60)
def test_classification_against_one_person_at_a_time(world):
    sessions, reactions = world
    found = classify(registry_of(sessions, reactions), DEFINITION)
    for row in found.persons.iter_rows(named=True):
        assert row["level"] == slow_standing(row["patient_id"], sessions, reactions)
    assert sum(found.counts.values()) == len({s["patient_id"] for s in sessions})


@pytest.mark.slow
@given(worlds())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_is_sure_stays_so_however_the_unknown_cultures_and_lots_turn_out(world):
    sessions, reactions = world
    before = dict(
        classify(registry_of(sessions, reactions), DEFINITION)
        .persons.select("patient_id", "level")
        .iter_rows()
    )
    for culture, lot in product(("yes", "no"), ("L1", "L2")):
        told = [
            r | {"culture": culture if r["culture"] in (None, "pending") else r["culture"]} for r in reactions
        ]
        full = [s | {"lots": [one or lot for one in s["lots"]]} for s in sessions]
        by_id = {s["session_id"]: s for s in full}
        told = [r | {"session": by_id[r["session"]["session_id"]]} for r in told]
        after = dict(
            classify(registry_of(full, told), DEFINITION).persons.select("patient_id", "level").iter_rows()
        )
        for person, level in before.items():
            if level in ("not a case", "outside", "confirmed"):
                assert after[person] == level
            if level == "suspect":
                assert after[person] in ("suspect", "confirmed")


@given(worlds(), st.integers(1, 4), st.integers(0, 30), st.integers(0, 5))
@settings(max_examples=60)
def test_controls_were_at_risk(world, wanted, within, seed):
    sessions, reactions = world
    found = classify(registry_of(sessions, reactions), DEFINITION)
    sampled = sample_controls(found, MatchPlan(controls=wanted, within_days=within, seed=seed))
    standing = {row["patient_id"]: row for row in found.persons.iter_rows(named=True)}
    clinic = {s["session_id"]: s["clinic"] for s in sessions}
    for (number,), group in sampled.members.group_by("set"):
        (case,) = group.filter(pl.col("role") == "case").iter_rows(named=True)
        controls = list(group.filter(pl.col("role") == "control").iter_rows(named=True))
        assert 1 <= len(controls) <= wanted, number
        assert len({one["patient_id"] for one in controls} | {case["patient_id"]}) == len(controls) + 1
        for one in controls:
            own = standing[one["patient_id"]]
            assert own["level"] == "not a case" or own["onset"] > case["onset"]
            assert abs((one["session_date"] - case["session_date"]).days) <= within
            assert one["session_date"] <= case["onset"]
            assert clinic[one["session_id"]] == clinic[case["session_id"]]
    cases = int(found.ill.sum())
    assert len(sampled.sets) + len(sampled.without_set) == cases
    assert all(made.found == min(made.eligible, wanted) for made in sampled.sets)


@given(worlds(), st.sampled_from(["L1", "L2"]))
def test_a_trace_holds_exactly_those_who_met_it(world, lot):
    sessions, reactions = world
    ill = {r["session"]["patient_id"] for r in reactions}
    illness = pl.DataFrame(
        [(person, ILL, FIRST + timedelta(days=60)) for person in sorted(ill)],
        schema={"patient_id": pl.String, "state": pl.String, "onset": pl.Date},
        orient="row",
    )
    found = trace(registry_of(sessions, reactions), "lot", [lot], illness)
    met = [s for s in sessions if lot in s["lots"]]
    assert set(found.rows["session_id"]) == {s["session_id"] for s in met}
    assert set(found.exposed["patient_id"]) == {s["patient_id"] for s in met}
    assert found.persons(ILL) == len({s["patient_id"] for s in met} & ill)
    assert not set(found.perhaps["session_id"]) & set(found.rows["session_id"])
    ends = {(node.kind, node.name) for node in found.nodes}
    assert all(edge.source in ends and edge.target in ends for edge in found.edges)


NAMES = st.text(
    alphabet=st.characters(whitelist_categories=("Lu", "Ll"), max_codepoint=0x17F), min_size=1, max_size=12
)
KEY = bytes(range(32))


def tokens(given_name, family, born, sex="F"):
    identity = Identity(local_id="1", given=given_name, family=family, birth_date=born, sex=sex)
    return dict.fromkeys(tokens_of(identity, KEY, "c").tokens)


@given(NAMES, NAMES, st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_case_and_blanks_of_names_do_not_matter(one, other, born):
    assert tokens(one, other, born) == tokens(f"  {one.upper()}", f"{other.upper()} ", born)


@given(NAMES, NAMES, st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_names_in_the_other_order_share_tokens(one, other, born):
    shared = tokens(one, other, born).keys() & tokens(other, one, born).keys()
    assert {"names", "names+sex", "first", "turned"} <= {kind for kind, _token in shared}


@given(
    st.lists(st.tuples(NAMES, NAMES, st.dates(date(1980, 1, 1), date(1980, 3, 1))), min_size=1, max_size=6)
)
def test_joining_does_not_depend_on_the_order_of_clinics_or_records(people):
    records = {
        (clinic, str(place)): tuple(tokens(*person))
        for clinic in ("a", "b")
        for place, person in enumerate(people)
    }
    forwards, backwards = join_tokens(records), join_tokens(dict(reversed(list(records.items()))))
    assert forwards == backwards
    grouped = [record for group in forwards.persons for record in group]
    assert len(grouped) == len(set(grouped))
    assert all(len({clinic for clinic, _record in group}) == len(group) for group in forwards.persons)
