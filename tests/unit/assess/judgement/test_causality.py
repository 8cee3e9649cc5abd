"""The four causality tools: what a case answers, what unknown answers leave open, and where each tool stops."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.assess.judgement.causality import causality
from untoward.assess.judgement.causality import dips as dips_tool
from untoward.assess.judgement.causality.answers import Known
from untoward.assess.judgement.causality.dips import dips_of
from untoward.assess.judgement.causality.liverpool import ORDER, Replies, liverpool_of
from untoward.assess.judgement.causality.naranjo import QUESTIONS, naranjo_of
from untoward.assess.judgement.causality.who_umc import Points, who_umc_of
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
ANSWERS = st.sampled_from(Answer)
REPLIES = st.builds(
    Replies, **{**dict.fromkeys(Replies.__dataclass_fields__, ANSWERS), "suspected": st.booleans()}
)
KYBELLA = [{"components": [{"compound": "deoxycholic acid"}]}]


def known(answers):
    return {number: Known(answer=answer, fact="said") for number, answer in answers.items()}


class TestNaranjo:
    @given(st.fixed_dictionaries(dict.fromkeys(QUESTIONS, ANSWERS)))
    def test_the_score_lies_in_its_range(self, answers):
        found = naranjo_of(known(answers))
        assert -4 <= found.low <= found.score <= found.high <= 13
        assert found.low <= found.reachable <= found.high

    @given(
        st.fixed_dictionaries(dict.fromkeys(QUESTIONS, ANSWERS)), st.sampled_from(sorted(QUESTIONS)), ANSWERS
    )
    def test_an_answer_never_leaves_the_range(self, answers, number, answer):
        before = naranjo_of(known({**answers, number: UNKNOWN}))
        after = naranjo_of(known({**answers, number: answer}))
        assert before.low <= after.low <= after.score <= after.high <= before.high

    def test_each_answer_shows_its_fact(self, seen):
        found = causality(seen({"swelling": True, "other-cause-likely": False}, sessions=KYBELLA)).naranjo
        facts = {item.question: (item.answer, item.points) for item in found.answers}
        assert facts[1] == (YES, 1)
        assert facts[2] == (YES, 2)
        assert facts[5] == (NO, 2)
        assert facts[3] == (UNKNOWN, 0)
        assert (found.score, found.category) == (5, "probable")

    def test_no_record_is_not_no_report(self, seen):
        found = causality(
            seen({"granuloma": True}, sessions=[{"components": [{"compound": "glucose"}]}])
        ).naranjo
        assert found.answers[0].answer is UNKNOWN

    def test_there_before_the_injection_is_not_after_it(self, seen):
        found = causality(seen({"swelling": True, "there-before": True}, sessions=KYBELLA)).naranjo
        assert (found.answers[1].answer, found.answers[1].points) == (NO, -1)

    def test_without_a_day_it_is_not_known_when_it_came(self, seen):
        assert (
            causality(seen({"swelling": True}, day=None, sessions=KYBELLA)).naranjo.answers[1].answer
            is UNKNOWN
        )

    def test_since_when_counts_before_the_day_it_was_seen(self, seen):
        found = causality(seen({"swelling": {"since_day": -3}}, sessions=KYBELLA)).naranjo
        assert found.answers[1].answer is NO

    @pytest.mark.parametrize(
        ("findings", "answer"),
        [
            ({"positive-rechallenge": True}, YES),
            ({"negative-rechallenge": True}, NO),
            ({"positive-rechallenge": False}, UNKNOWN),
        ],
    )
    def test_not_given_again_is_not_a_negative_rechallenge(self, seen, findings, answer):
        assert causality(seen({"swelling": True, **findings})).naranjo.answers[3].answer is answer


class TestWhoUmc:
    @pytest.mark.parametrize(
        ("points", "category"),
        [
            (Points(time=YES, other_cause=NO, withdrawal=YES, definitive=YES), "certain"),
            (Points(time=YES, other_cause=NO, withdrawal=YES, definitive=YES, returned=YES), "certain"),
            (Points(time=YES, other_cause=NO, withdrawal=YES, definitive=YES, returned=NO), "possible"),
            (Points(time=YES, other_cause=NO, withdrawal=YES), "probable"),
            (Points(time=YES, other_cause=UNKNOWN, withdrawal=YES, definitive=YES), "possible"),
            (Points(time=YES, other_cause=NO), "possible"),
            (Points(time=YES, other_cause=YES), "possible"),
            (Points(time=YES), "possible"),
            (Points(time=NO, other_cause=YES), "unlikely"),
            (Points(time=NO), "conditional"),
            (Points(), "conditional"),
        ],
    )
    def test_category(self, points, category):
        assert who_umc_of(points)[0] == category

    def test_contradictions_cannot_be_assessed(self, seen):
        view = seen({"swelling": True, "positive-rechallenge": True, "negative-rechallenge": True})
        assert causality(view).who_umc == "unassessable"

    def test_something_that_was_there_before_is_unlikely(self, seen):
        assert causality(seen({"swelling": True, "there-before": True})).who_umc == "unlikely"

    def test_nothing_there_is_conditional(self, seen):
        found = causality(seen({"swelling": False}))
        assert (found.term, found.who_umc) == (None, "conditional")


class TestLiverpool:
    @pytest.mark.parametrize(
        ("replies", "category"),
        [
            (Replies(suspected=False), "unlikely"),
            (Replies(after=NO, made_worse=NO), "unlikely"),
            (Replies(after=NO, made_worse=YES, disease=NO, reported=YES), "probable"),
            (Replies(after=YES, improved=NO, disability=NO), "possible"),
            (Replies(after=YES, improved=NO, disability=YES, disease=NO, reported=YES), "probable"),
            (Replies(after=YES, improved=YES, disease=YES, mechanism=NO), "possible"),
            (Replies(after=YES, disease=YES, mechanism=YES, reported=YES), "probable"),
            (Replies(after=YES, disease=YES, mechanism=YES, same_before=YES), "definite"),
            (Replies(after=YES, disease=NO, rechallenge=YES), "definite"),
            (Replies(after=YES, disease=NO, rechallenge=NO, same_before=YES), "definite"),
            (Replies(after=YES, disease=NO, rechallenge=NO, same_before=NO, reported=YES), "probable"),
            (Replies(after=YES, disease=NO, rechallenge=NO, same_before=NO, reported=NO), "possible"),
            (Replies(), None),
            (Replies(after=NO), None),
        ],
    )
    def test_every_way_through_the_chart(self, replies, category):
        assert liverpool_of(replies).category == category

    def test_a_single_dose_is_not_assessable_and_goes_on(self):
        path = liverpool_of(Replies(after=YES, disease=NO, reported=YES)).path
        assert "4 better after stopping: not assessable" in path
        assert path[-1] == "10 reported before: yes"

    def test_what_is_not_known_leaves_categories_open(self):
        found = liverpool_of(Replies(after=YES, disease=NO, reported=YES))
        assert (found.low, found.category, found.high) == ("probable", "probable", "definite")

    @given(REPLIES)
    def test_the_category_lies_between_its_ends(self, replies):
        found = liverpool_of(replies)
        if found.category is not None:
            assert ORDER.index(found.low) <= ORDER.index(found.category) <= ORDER.index(found.high)

    @given(REPLIES)
    def test_the_ends_hold_every_completion(self, replies):
        found = liverpool_of(replies)
        names = [
            n for n in Replies.__dataclass_fields__ if n != "improved" and getattr(replies, n) is UNKNOWN
        ]
        for values in itertools.product((YES, NO), repeat=min(len(names), 5)):
            filled = dict(zip(names, values, strict=False))
            rest = {n: getattr(replies, n) for n in Replies.__dataclass_fields__}
            category = liverpool_of(Replies(**{**rest, **filled})).category
            if category is not None:
                assert ORDER.index(found.low) <= ORDER.index(category) <= ORDER.index(found.high)


class TestDips:
    def test_all_unknown_is_0_between_9_below_and_11(self):
        found = dips_of({}, ("a", "b"))
        assert found.score == 0
        assert found.low >= -9
        assert found.high <= 11

    def test_all_yes(self):
        answers = known(dict.fromkeys(dips_tool.QUESTIONS, YES)) | known({7: NO})
        assert dips_of(answers, ("a", "b")).score == 11

    def test_all_no(self):
        answers = known(dict.fromkeys(dips_tool.QUESTIONS, NO)) | known({7: YES})
        assert dips_of(answers, ("a", "b")).score == -9

    def test_without_stopping_the_sixth_is_skipped(self):
        assert dips_of(known({6: YES}), ("a", "b")).score == 0

    def test_one_compound_does_not_interact_with_itself(self, seen):
        assert causality(seen({"swelling": True}, sessions=KYBELLA)).dips == ()

    def test_a_pair_with_a_published_interaction(self, seen):
        from untoward.assess.judgement.knowledge import knowledge_of
        from untoward.evidence.records import Pair
        from untoward.tasks.knowledge import evidence

        pair = next(
            tuple(sorted(record.compounds)) for record in evidence().of_class(Pair)
            if record.kind == "interaction" and len(record.compounds) == 2
        )  # fmt: skip
        assert knowledge_of(evidence()).interactions(*pair)
        sessions = [{"components": [{"compound": evidence().compounds[key].label} for key in pair]}]
        (found,) = causality(
            seen({"palpitations": True, "fast-pulse": True, "rash": True}, sessions=sessions)
        ).dips
        assert found.pair == pair
        assert found.low <= found.score <= found.high


class TestLeadingReaction:
    def test_a_red_flag_leads(self, seen):
        assert causality(seen({"bruise": True, "vision-loss": True})).term == "vision-loss"

    def test_what_is_said_now_leads_what_was_carried_forward(self, situation):
        view = View(
            situation(
                {"day": 1, "findings": {"injection site bruising": True}},
                {"day": 3, "findings": {"injection site swelling": True}},
            )
        )
        assert causality(view).term == "swelling"

    def test_an_outcome_is_no_reaction(self, seen):
        assert causality(seen({"bruise": True, "hospital-admission": True})).term == "bruise"
