"""The summary in a terminal."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from untoward.report.terminal import render_terminal
from untoward.report.words import DISPOSITION_WORDS, SECTION_TITLES


def printed(review, width=80, **options):
    stream = io.StringIO()
    render_terminal(review, Console(file=stream, width=width, **options))
    return stream.getvalue()


def test_sections_stand_in_reading_order(review):
    text = printed(review)
    places = [
        text.index(f"{number} {title}") for number, title in enumerate(SECTION_TITLES.values(), start=1)
    ]
    assert places == sorted(places)


def test_it_fits_a_screen_and_eighty_columns(review):
    lines = printed(review).splitlines()
    assert len(lines) <= 64
    assert max(len(line) for line in lines) <= 80


def test_who_by_when_why(review):
    text = printed(review)
    assert "Overdue by 1 day 9 h  P-1121: Nodule" in text
    assert DISPOSITION_WORDS[review.urgent[0].disposition].short in text
    assert "0.43 % (26 of 6,012; 95 % 0.28 to 0.63)" in text
    assert "vial V-0107" in text
    assert "and 4 more in the files below" in text


def test_it_points_to_the_files(review):
    assert "Whole review: review.html, review.json, line-list.csv" in printed(review)


def test_markup_in_the_data_is_only_text(review):
    line = replace(review.urgent[0], patient_id="[red]P[/red]", term_label="[link=x]y[/link]")
    assert "[red]P[/red]: [link=x]y[/link]" in printed(replace(review, urgent=(line,)), width=160)


def test_an_empty_review_says_so(empty_review):
    text = printed(empty_review)
    assert "No reaction is recorded." in text
    assert "No outcome could be screened." in text
    assert "no curve to draw" in text


@pytest.mark.parametrize("width", [40, 60, 200])
def test_other_widths(review, width):
    assert max(len(line) for line in printed(review, width=width).splitlines()) <= width


def test_a_plain_terminal_gets_plain_signs(review):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    render_terminal(review, Console(file=stream, width=80))
    stream.seek(0)
    said = stream.read()
    assert (
        "?" not in said.split("2 Which")[0].replace("what to ask next?", "").split("1 Who")[1].splitlines()[2]
    )
