"""The map of the body and the short way to type places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.aftercare.subjects import site_name
from untoward.aftercare.texts import texts_of
from untoward.tasks.record.drafts import PointDraft
from untoward.web.body import VIEWS, ZONES, sites_of, spot_of, zone_label
from untoward.web.body.shorthand import read_points

USUAL = PointDraft(view="", mix="A")


def read(text, usual=USUAL):
    points, faults = read_points(text, usual)
    return [(one.zone, one.volume_ml, one.mix) for one in points], faults


def test_there_are_eight_views_and_every_zone_lies_in_its_own():
    assert len(VIEWS) == 8
    for view in VIEWS.values():
        assert len({zone.key for zone in view.zones}) == len(view.zones) > 5
        for zone in view.zones:
            x, y = zone.centre
            assert 0 < x < 200
            assert 0 < y < view.height


@pytest.mark.parametrize("view", ["face-front", "body-front"])
def test_the_patients_left_is_at_the_viewers_right_when_face_to_face(view):
    for zone in VIEWS[view].zones:
        if zone.side:
            assert (zone.centre[0] > 100) is (zone.side == "left")


@pytest.mark.parametrize("view", ["body-back", "scalp"])
def test_and_at_the_viewers_left_from_behind_and_above(view):
    for zone in VIEWS[view].zones:
        if zone.side:
            assert (zone.centre[0] < 100) is (zone.side == "left")


def test_a_short_name_names_one_zone():
    keys = {}
    for zone in ZONES:
        assert keys.setdefault(zone.short, zone.key) == zone.key


@pytest.mark.parametrize("zone", {one.key: one for one in ZONES}.values(), ids=lambda one: one.key)
def test_every_zone_is_found_by_its_short_name_its_key_and_its_label(zone):
    for name in (zone.short, zone.key, zone.label.replace(",", "")):
        assert [point[0] for point in read(f"{name} .1")[0]] == [zone.key]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("forehead 0.1", [("forehead", 0.1, "A")]),
        ("ckl .1, ckr", [("cheek-left", 0.1, "A"), ("cheek-right", 0.1, "A")]),
        ("left cheek 0,05; chin 0,1 ml", [("cheek-left", 0.05, "A"), ("chin", 0.1, "A")]),
        ("fh 3x0.1", [("forehead", 0.1, "A")] * 3),
        (
            "nl both .05 @b, chin",
            [("nasolabial-left", 0.05, "B"), ("nasolabial-right", 0.05, "B"), ("chin", 0.05, "B")],
        ),
        ("ckb 2x.1", [("cheek-left", 0.1, "A")] * 2 + [("cheek-right", 0.1, "A")] * 2),
        ("", []),
    ],
)
def test_what_is_typed_is_read(text, points):
    found, faults = read(text)
    assert faults == []
    assert sorted(found) == sorted(points)


def test_depth_is_read_and_stays_until_another():
    points, _faults = read_points("chin .1 sc, fh .1, gl .1 id", USUAL)
    assert [one.depth for one in points] == ["subcutaneous", "subcutaneous", "intradermal"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cheek 0.1", "both sides"),
        ("moon 1", "is no zone"),
        ("thigh l 1", "several zones"),
        ("chin 99x0.1", "too often"),
        ("chin 1 2 3", "cannot be read"),
    ],
)
def test_what_is_unclear_is_asked_and_not_guessed(text, said):
    points, faults = read(text)
    assert points == []
    assert [fault.what for fault in faults if said in fault.what]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text):
    points, faults = read_points(text, USUAL)
    assert all(one.zone for one in points)
    assert all(fault.field == "places" for fault in faults)


def test_points_of_one_zone_stand_side_by_side():
    places = [spot_of("face-front", "chin", None, None, nth) for nth in range(9)]
    assert len(set(places)) == 9
    assert spot_of("face-front", "", 0.5, 0.5) == (100, 130)
    assert spot_of("moon", "", None, None) is None


def test_places_have_the_names_that_registries_use():
    places = [
        ("body-front", "thigh-front-left"),
        ("body-back", "thigh-back-right"),
        ("face-front", "chin"),
        ("scalp", ""),
    ]
    assert sites_of(places) == ("thigh", "face", "scalp")


def test_a_zone_of_an_older_map_keeps_a_name():
    assert zone_label("face-front", "old-zone") == "old zone"
    assert zone_label("face-front", "") == "free point"


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt"])
def test_every_zone_and_view_has_a_name_on_the_patients_sheet(language):
    texts = texts_of(language)
    zones = [zone.key.replace("-", " ") for view in VIEWS.values() for zone in view.zones]
    names = {words: site_name(words, texts) for words in [*zones, *(key.replace("-", " ") for key in VIEWS)]}
    unnamed = [words for words, name in names.items() if name == words and language != "en"]
    assert unnamed == []
    sided = {words: name for words, name in names.items() if {"left", "right"} & set(words.split())}
    assert len(set(sided.values())) == len(sided), "two zones share a name"
