"""Whatever a file holds, reading it ends with counts or with faults, never with anything else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untoward.errors import InputError
from untoward.exchange.places import PlaceFiles, PlaceSettings, read_places, read_tree

CELL = st.one_of(
    st.sampled_from(
        [
            "A",
            "B",
            "C",
            "",
            "1",
            "2",
            "-1",
            "1.5",
            "nan",
            "1e400",
            "2026",
            "2026-02-30",
            "2026/1/5",
            '"',
            "'",
            "x,y",
        ]
    ),
    st.text(max_size=6),
)
HEADER = st.sampled_from(
    ["place", "cases", "date", "population", "x", "y", "lat", "lon", "node", "parent", "id", "", "other"]
)


@st.composite
def tables(draw):
    separator = draw(st.sampled_from([",", ";", "\t", " "]))
    rows = draw(st.lists(st.lists(CELL, max_size=5), max_size=6))
    header = draw(st.lists(HEADER, max_size=5)) if draw(st.booleans()) else []
    return "\n".join(separator.join(row) for row in ([header] if header else []) + rows).encode(
        "utf-8", "replace"
    )


CONTENT = st.one_of(tables(), st.binary(max_size=200))
SETTINGS = st.builds(
    PlaceSettings,
    model=st.sampled_from(["poisson", "bernoulli", "permutation"]),
    time=st.sampled_from(["none", "retrospective", "prospective", "only"]),
    unit=st.sampled_from(["day", "week", "month", "year"]),
    axes=st.sampled_from([None, "lat-lon", "lon-lat", "x-y"]),
    categories=st.sampled_from([(), ("other",)]),
)


def sound_or_refused(read):
    try:
        cases = read().cases
    except InputError as refused:
        faults = refused.faults
    else:
        faults = None
        assert cases.sum() > 0
        assert (cases >= 0).all()
    assert faults is None or len(faults) > 0


@settings(max_examples=150, deadline=None)
@given(cases=CONTENT, population=CONTENT, coordinates=CONTENT, controls=CONTENT, chosen=SETTINGS)
def test_reading_gives_counts_or_faults(tmp_path_factory, cases, population, coordinates, controls, chosen):
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in (
        ("c.csv", cases),
        ("p.pop", population),
        ("g.geo", coordinates),
        ("n.ctl", controls),
    ):
        (folder / name).write_bytes(content)
    files = PlaceFiles(
        cases=folder / "c.csv",
        population=folder / "p.pop",
        coordinates=folder / "g.geo",
        controls=folder / "n.ctl",
    )
    sound_or_refused(lambda: read_places(files, chosen))


@settings(max_examples=60, deadline=None)
@given(cases=CONTENT, tree=CONTENT)
def test_reading_a_tree_gives_counts_or_faults(tmp_path_factory, cases, tree):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "c.csv").write_bytes(cases)
    (folder / "t.csv").write_bytes(tree)
    sound_or_refused(lambda: read_tree(folder / "c.csv", folder / "t.csv", None))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("A\x1b[31m", "a character that cannot be shown"),
        ("A\u202eB", "a character that cannot be shown"),
        ("A" * 200, "the name is too long"),
    ],
)
def test_names_that_would_harm_a_terminal_are_refused(faults, name, what):
    assert f"{what} | row 2 | place" in faults({"cases.csv": f"place,cases\n{name},1\n"})
