"""What a sheet says of a session: each thing once, with its date, its state and its records."""

import json
from importlib import resources

import jsonschema_rs
import pytest

from untoward.aftercare import LANGUAGES, compose
from untoward.aftercare.given import LONGEST_SHOWN, printable
from untoward.aftercare.rates import Rate, best_rate, frequency
from untoward.aftercare.subjects import place_of, site_name
from untoward.aftercare.texts import texts_of
from untoward.evidence.courses import expected_course
from untoward.evidence.records import Incidence
from untoward.model.people import Patient

WARFARIN = Patient(medicines=("warfarin",), context=frozenset({"anticoagulant"}))


def keys_of(statements):
    return [statement.key for statement in statements]


def statement(sheet, key):
    (found,) = [one for one in sheet.statements() if one.key == key]
    return found


class TestEverything:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_record_behind_a_statement_exists(self, base, composed, language):
        sheet = composed(
            "deoxycholic acid", "lidocaine", "procaine", "mystery", language=language, country="ES", mix="A"
        )
        named = {key for one in sheet.statements() for key in one.evidence}
        assert named
        assert named <= set(base.records)

    def test_every_statement_with_a_computed_number_names_a_record(self, composed):
        sheet = composed("PC/DC", "procaine", "vitamin C", person=WARFARIN)
        assert [one.key for one in sheet.statements() if one.numbers and not one.evidence] == []

    def test_it_names_the_evidence_it_was_made_from(self, base, composed):
        assert composed("lidocaine").evidence_version == base.version

    def test_the_order_of_compounds_never_matters_to_the_advice(self, composed):
        one, other = composed("procaine", "PC/DC", "vitamin C"), composed("vitamin C", "PC/DC", "procaine")
        assert one.advice == other.advice
        assert one.help == other.help
        assert {row.statement.text for row in one.usual.rows} == {
            row.statement.text for row in other.usual.rows
        }

    def test_a_session_of_nothing_still_says_when_to_get_help(self, composed):
        sheet = composed(date=None)
        assert "injected.nothing" in keys_of(sheet.injected.notes)
        assert sheet.help.emergency
        assert sheet.help.same_day
        assert len(sheet.checks) == 7

    def test_an_unknown_language_is_refused(self, base, given):
        with pytest.raises(KeyError):
            compose(base, given("lidocaine"), language="de")


class TestInjected:
    def test_what_is_not_recorded_is_said(self, composed):
        sheet = composed("lidocaine")
        assert sheet.injected.rows[0].lot == "not recorded"
        text = statement(sheet, "injected.ask_for").text
        assert text.startswith("Not recorded: product, lot, vial, amount")
        assert text.endswith("Ask your clinic.")

    def test_an_unknown_compound_is_kept_and_said(self, composed):
        sheet = composed("Miracle Serum", "lidocaine")
        assert sheet.injected.rows[0].compound == "Miracle Serum"
        assert sheet.not_recognised == ("Miracle Serum",)
        assert "Miracle Serum" in statement(sheet, "injected.unknown_compound").text
        assert "Miracle Serum" in statement(sheet, "unknown.substance").text
        assert "Miracle Serum" in statement(sheet, "consent.not_counted").text

    def test_a_brand_is_shown_beside_the_substance(self, composed):
        (row,) = composed("Kybella").injected.rows
        assert (row.compound, row.known_as) == ("deoxycholic acid", "written as Kybella")

    def test_a_name_that_a_language_lacks_is_made_of_its_parts_or_marked_as_english(self, base, composed):
        for key, known in base.compounds.items():
            if "fr" not in known.names and key != "injection-itself":
                (row,) = composed(key, language="fr").injected.rows[:1]
                assert row.compound.endswith("(en anglais)") or " + " in row.compound

    @pytest.mark.parametrize("date", [None, "2026-05"])
    def test_a_session_without_a_whole_date_says_so_and_counts_days(self, composed, date):
        sheet = composed("PC/DC", date=date)
        assert not sheet.dated
        assert {"page.no_date", "page.vague_date"} & set(keys_of(sheet.injected.notes))
        assert statement(sheet, "do.exercise").text.startswith(
            "No sport or gym for 3 days after the injection."
        )
        assert {check.date for check in sheet.checks} == {None}


class TestUsual:
    def test_the_days_are_those_of_the_expected_course(self, base, composed):
        sheet = composed("deoxycholic acid")
        row = next(row for row in sheet.usual.rows if row.term == "swelling")
        course = expected_course(base, "deoxycholic-acid", "swelling")
        assert row.statement.numbers["half_over_days"] == pytest.approx(course.band_days[1], abs=0.01)
        assert row.statement.numbers["people"] == course.people
        assert set(course.evidence) <= set(row.statement.evidence)

    def test_one_line_per_reaction(self, composed):
        terms = [row.term for row in composed("deoxycholic acid", "PC/DC", "lidocaine").usual.rows]
        assert len(terms) == len(set(terms)) <= 8

    def test_lumps_get_no_end_date(self, composed):
        rows = {row.term: row for row in composed("deoxycholic acid").usual.rows}
        assert rows["nodule"].almost_all == "Show it at each check"

    def test_what_looks_like_an_infection_gets_no_late_end_date(self, composed):
        for names in (("deoxycholic acid",), ("PC/DC", "procaine"), ("lidocaine",)):
            for row in composed(*names).usual.rows:
                late = row.statement.numbers.get("almost_all_over_days", 0)
                if row.term in ("pain", "redness", "tenderness", "warmth") and late > 28:
                    assert row.statement.key == "normal.open_end"
                    assert "Monday 8 June" in row.almost_all  # 11 May and 28 days

    def test_never_beyond_the_longest_published(self, composed):
        for row in composed("deoxycholic acid", "lidocaine").usual.rows:
            numbers = row.statement.numbers
            if numbers.get("longest_published_days"):
                assert numbers["almost_all_over_days"] <= numbers["longest_published_days"]

    def test_where_there_is_no_data_it_is_said(self, composed):
        sheet = composed("Miracle Serum")
        assert "Miracle Serum" in statement(sheet, "normal.unpublished").text
        assert "normal.needle_only" in keys_of(sheet.usual.notes)


class TestAdvice:
    def test_the_exact_dates(self, composed):
        # 11 May 2026 is a Monday.
        texts = {one.key: one.text for one in composed("PC/DC").advice}
        assert texts["do.exercise"].startswith("No sport or gym until Thursday 14 May 2026.")
        assert "until Monday 18 May 2026" in texts["do.heat"]
        assert "until Thursday 21 May 2026" in texts["do.sun"]

    def test_each_measure_once_whatever_asks_for_it(self, composed):
        keys = keys_of(composed("deoxycholic acid", "PC/DC", "phosphatidylcholine", "DCA").advice)
        assert len(keys) == len(set(keys))

    def test_conflicting_advice_is_one_line_that_says_so(self, composed):
        massage = statement(composed("deoxycholic acid"), "do.massage")
        assert "do not agree" in massage.text
        assert {"aftercare-no-massage", "aftercare-massage-nodule"} <= set(massage.evidence)

    def test_every_measure_shows_its_state(self, composed):
        sheet = composed("deoxycholic acid")
        assert all(one.state_words for one in (*sheet.advice, *sheet.unshown))

    def test_arnica_is_never_advice_and_says_that_it_is_not_shown(self, composed):
        sheet = composed("deoxycholic acid", "arnica")
        assert not [one for one in sheet.advice if "rnica" in one.text]
        assert "not shown to work" in statement(sheet, "do.arnica").text

    def test_compound_advice_only_for_its_compound(self, composed):
        assert "do.cold" in keys_of(composed("deoxycholic acid").advice)
        assert "do.cold" in keys_of(composed("PC/DC").advice)  # holds deoxycholic acid
        assert "do.cold" not in keys_of(composed("lidocaine").advice)

    @pytest.mark.parametrize(
        ("sites", "shown"), [(("chin",), True), (("thigh",), False), ((), True), (("x",), True)]
    )
    def test_a_raised_head_after_the_face_or_an_unknown_place(self, composed, sites, shown):
        assert ("do.head_raised" in keys_of(composed("deoxycholic acid", sites=sites).advice)) is shown

    def test_the_persons_blood_thinner_and_allergy(self, composed):
        person = Patient(allergies=("soja", "dust"), context=frozenset({"anticoagulant"}))
        sheet = composed("lecithin", person=person)
        assert "do.blood_thinner" in keys_of(sheet.advice)
        allergy = statement(sheet, "do.allergy")
        assert "soja" in allergy.text
        assert "dust" not in allergy.text

    def test_what_is_not_printed_is_listed_with_its_reason(self, composed):
        left = {one.record: one.reason for one in composed("PC/DC").left_out}
        assert left["aftercare-cold-before-lipodissolve"] == "before the session"


class TestHelp:
    def test_the_number(self, composed):
        assert composed("lidocaine", country="GB").help.emergency_heading.startswith("Call 999 now")
        assert composed("lidocaine", country="GB", emergency="144").help.number == "144"
        unknown = composed("lidocaine").help
        assert (unknown.number, unknown.number_basis) == (
            "112 / 911 / 999 – ask your clinic which",
            "country not known",
        )

    @pytest.mark.parametrize("names", [(), ("lidocaine",), ("arnica",), ("PC/DC", "x")])
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_grave_signs_are_always_there(self, composed, names, language):
        keys = keys_of(composed(*names, language=language).help.emergency)
        always = (
            "breathing",
            "faint",
            "hives",
            "chest",
            "sight",
            "stroke",
            "skin_colour",
            "very_ill",
            "fast_pain",
        )
        assert [f"red.{key}" for key in always] == [key for key in keys if key.removeprefix("red.") in always]

    def test_conditional_signs_are_left_out_only_when_known_not_to_apply(self, composed):
        assert "red.numbing" in keys_of(composed("lidocaine").help.emergency)
        assert "red.numbing" not in keys_of(composed("deoxycholic acid").help.emergency)
        assert "red.numbing" in keys_of(composed("deoxycholic acid", "x").help.emergency)
        assert "red.smile" in keys_of(composed("lidocaine").help.same_day)
        assert "red.smile" not in keys_of(composed("lidocaine", sites=("thigh",)).help.same_day)

    def test_the_late_warning_runs_to_the_latest_published_onset(self, composed):
        # 29 weeks (mycobacteria-onset-regnier) are 203 days; 203 days after 11 May 2026 is 30 November.
        late = statement(composed("lidocaine"), "red.late")
        assert late.numbers == {"last_day": 203.0}
        assert "until Monday 30 November 2026" in late.text

    def test_the_checks(self, composed):
        checks = composed("lidocaine").checks
        assert [check.day for check in checks] == [1, 3, 7, 14, 28, 56, 112]
        assert [check.name for check in checks][::3] == ["24 hours", "Day 14", "Week 16"]
        assert checks[-1].date == "2026-08-31"


class TestUnknown:
    def test_where_the_fat_goes(self, composed):
        assert (
            statement(composed("PC/DC"), "unknown.fat").text == "Where the dissolved fat goes is not known."
        )
        assert "unknown.fat" not in keys_of(composed("lidocaine").unknown)

    def test_an_untested_mix(self, composed):
        assert (
            "vitamin C" in statement(composed("vitamin C", "L-carnitine", mix="A"), "unknown.together").text
        )
        assert "unknown.together" not in keys_of(composed("hyaluronidase", "lidocaine", mix="A").unknown)

    def test_a_mix_that_a_source_speaks_against(self, composed):
        note = statement(composed("deoxycholic acid", "lidocaine", mix="A"), "injected.not_together")
        assert "deoxycholic-acid-lidocaine-no-mixing" in note.evidence
        apart = composed("deoxycholic acid", "lidocaine")
        assert "injected.not_together" not in keys_of(apart.injected.notes)


class TestConsent:
    def test_a_claim_once_with_its_most_careful_state(self, composed):
        rows = composed("deoxycholic acid", sites=("chin",)).consent.claims
        (chin,) = [row for row in rows if row.claim == "Less fat under the chin"]
        assert chin.statement.state == "proven"
        assert len(chin.statement.evidence) >= 3
        assert not chin.other_place

    def test_a_claim_tested_elsewhere_says_so(self, composed):
        rows = composed("deoxycholic acid", sites=("thigh",)).consent.claims
        assert next(row for row in rows if row.claim == "Less fat under the chin").other_place

    def test_no_claim_of_a_part_for_the_whole(self, composed):
        assert "Less fat under the chin" not in [row.claim for row in composed("PC/DC").consent.claims]

    def test_harms_as_natural_frequencies_with_their_counts(self, composed):
        rows = {row.term: row for row in composed("deoxycholic acid").consent.harms}
        # 448 of 513 treated and 218 of 506 given placebo (product label): 87.3 and 43.1 %
        assert rows["swelling"].how_often == "87 in 100 people"
        assert rows["swelling"].counted == "448 of 513 people"
        assert rows["swelling"].placebo == "43 in 100 people"

    def test_single_cases_never_become_rates(self, composed):
        consent = composed("PC/DC").consent
        assert "death" in statement_of(consent.harm_notes, "consent.reported").text
        assert "death" not in [row.term for row in consent.harms]

    def test_infections_are_always_named(self, composed):
        for names in ((), ("lidocaine",), ("x",)):
            assert "consent.infections" in keys_of(composed(*names).consent.harm_notes)

    def test_status_by_country(self, composed):
        assert keys_of(composed("lecithin").consent.status) == ["consent.no_country"]
        assert "status.banned" in keys_of(composed("PC/DC", country="FR").consent.status)
        assert keys_of(composed("vitamin C", country="CL").consent.status) == ["consent.no_status"]


def statement_of(statements, key):
    return next(one for one in statements if one.key == key)


class TestFrequency:
    def rate(self, base, n, of):
        known = next(r for r in base.of_class(Incidence) if r.per == "person")
        fields = {
            name: getattr(known, name)
            for name in ("key", "kind", "statement", "source", "locator", "grade", "read")
        }
        record = Incidence(
            **fields, checked="", verified=True, compound="x", term="y", n=n, of=of, per="person"
        )
        return Rate(n / of, record)

    @pytest.mark.parametrize(
        ("n", "of", "said"),
        [
            (68, 513, "13 in 100 people"),
            (0, 186, "0 of 186 people"),
            (201, 201, "201 of 201 people"),
            (999, 1000, "99 in 100 people"),
            (2, 1616, "1 in 1,000 people"),
            (1, 20000, "1 of 20,000 people"),
        ],
    )
    def test_said(self, base, n, of, said):
        assert frequency(self.rate(base, n, of), texts_of("en")) == said

    def test_people_sent_for_an_allergy_are_no_rate(self, base):
        referred = [r for r in base.of_class(Incidence) if "referred" in (r.population or "").lower()]
        for record in referred:
            best = best_rate(base, (record.compound,), record.term)
            assert best is None or best.record not in referred


class TestPlaces:
    @pytest.mark.parametrize(
        ("site", "place"),
        [("Thighs", "thigh"), ("left inner thigh", "thigh"), ("papada", "under_chin"), ("under the chin", "under_chin"),
         ("couro cabeludo", "scalp"), ("thing", None)],
    )  # fmt: skip
    def test_place(self, site, place):
        assert place_of(site) == place

    def test_a_place_is_translated_only_when_it_says_no_more(self):
        assert site_name("thighs", texts_of("fr")) == "cuisse"
        assert site_name("left thigh near the scar", texts_of("fr")) == "left thigh near the scar"

    @pytest.mark.parametrize(
        ("site", "language", "said"),
        [("left inner thigh", "fr", "cuisse, côté gauche"), ("cheek right", "es", "mejilla, lado derecho"),
         ("left cheek", "pt", "bochecha, lado esquerdo"), ("left cheek", "en", "cheek, left side"),
         ("arm back left", "es", "brazo, por detrás, lado izquierdo"),
         ("eyelid upper right", "fr", "paupière du haut, côté droit"),
         ("face-left", "es", "lado izquierdo de la cara"), ("left and right cheek", "es", "left and right cheek")],
    )  # fmt: skip
    def test_the_side_is_never_lost(self, site, language, said):
        assert site_name(site, texts_of(language)) == said


class TestPrintable:
    @pytest.mark.parametrize(
        ("text", "seen"),
        [
            ("L\n1\t2", "L 1 2"), ("\u202egnp.exe", "gnp.exe"), ("a\u0000b\x1b[31m", "ab[31m"), ("\u200b", None),
            ("  ", None), (None, None), ("مرحبا", "مرحبا"), ("\ue000x", "x"),
        ],
    )  # fmt: skip
    def test_one_line_that_can_be_seen(self, text, seen):
        assert printable(text) == seen

    def test_not_overlong(self):
        assert len(printable("x" * 10_000)) == LONGEST_SHOWN


def test_the_document_fits_its_schema(composed):
    path = resources.files("untoward.report") / "passport" / "schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["required"].remove("reading")
    document = json.loads(
        json.dumps(composed("PC/DC", "x", person=WARFARIN, country="FR", mix="A").document())
    )
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(document)] == []
