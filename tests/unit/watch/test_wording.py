"""Small words: p values, names and counts."""

import pytest

from untoward.watch.wording import exposure_name, many, p_text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "p < 10⁻³⁰⁰"),
        (2.4e-11, "p = 2 × 10⁻¹¹"),
        (0.00099, "p = 1 × 10⁻³"),
        (0.0434, "p = 0.043"),
        (0.4, "p = 0.4"),
        (1.0, "p = 1"),
    ],
)
def test_p_values(p, text):
    assert p_text(p) == text


@pytest.mark.parametrize(
    ("axis", "value", "name"),
    [
        ("vial", "V1", "vial V1"),
        ("vanilla", "yes", "vanilla"),
        ("mix", "a + b", "mix a + b"),
        ("mix", "a", "mix a alone"),
    ],
)
def test_names(axis, value, name):
    assert exposure_name(axis, value) == name


def test_counts():
    assert [many(n, "session") for n in (0, 1, 2310)] == ["0 sessions", "1 session", "2,310 sessions"]
