"""The review as JSON: complete, plain, stable."""

import json
from dataclasses import fields, replace
from math import inf, nan

from untoward.model.review import Review
from untoward.report.json_document import SCHEMA_VERSION, render_json


def test_every_field_is_there_under_its_own_name(review):
    document = render_json(review)
    assert set(document) == {"schema", "schema_version", *(field.name for field in fields(Review))}
    assert document["schema_version"] == SCHEMA_VERSION


def test_it_is_strict_json(review):
    text = json.dumps(render_json(review), allow_nan=False)
    assert json.loads(text) == render_json(review)


def test_enums_stand_by_value_most_urgent_first(review):
    document = render_json(review)
    assert list(document["dispositions"]) == [
        "emergency_now", "within_1h", "same_day", "within_72h", "routine", "self_care",
    ]  # fmt: skip
    assert document["urgent"][3]["course"] == "beyond"
    assert document["urgent"][3]["assessment"]["findings"][0]["disposition"] == "within_72h"


def test_nothing_is_rounded_or_cut(review, made_up):
    large = made_up.large_review(400)
    assert len(render_json(large)["urgent"]) == 200
    result = review.outcomes[0].results[0]
    assert render_json(review)["outcomes"][0]["results"][0]["risk_ratio"]["high"] == result.risk_ratio.high


def test_the_order_of_keys_does_not_depend_on_how_they_came(review):
    turned = replace(
        review,
        dispositions=dict(reversed(list(review.dispositions.items()))),
        provenance=replace(review.provenance, inputs=dict(reversed(list(review.provenance.inputs.items())))),
    )
    assert json.dumps(render_json(turned)) == json.dumps(render_json(review))


def test_what_json_has_no_word_for_is_null(review):
    screen = review.outcomes[0]
    odd = replace(screen.attack_rate, low=nan, high=inf)
    document = render_json(replace(review, outcomes=(replace(screen, attack_rate=odd),)))
    assert document["outcomes"][0]["attack_rate"]["low"] is None
    assert document["outcomes"][0]["attack_rate"]["high"] is None


def test_an_empty_review_is_a_document_too(empty_review):
    assert json.loads(json.dumps(render_json(empty_review)))["urgent"] == []
