"""Small line lists for the tests."""

import polars as pl

from untoward.model.tables import LineList
from untoward.watch.investigation.people import exposure_states, people_of

YES_NO = {"y": True, "n": False, "?": None}


def persons(*rows, **dates):
    """Rows of (count, ill, exposed, further columns as a dict); "y", "n" or "?"."""
    frame = pl.DataFrame(
        [{"count": n, "ill": YES_NO[ill], "cream": YES_NO[had], **more} for n, ill, had, more in rows],
        infer_schema_length=None,
    ).with_columns(pl.col("cream").cast(pl.Boolean), pl.col("ill").cast(pl.Boolean))
    return LineList(frame=frame.with_columns(**dates), exposures=("cream",))


def table(a, b, c, d, **more):
    """A 2x2 table as rows."""
    return [
        (n, ill, had, more)
        for n, ill, had in ((a, "y", "y"), (b, "n", "y"), (c, "y", "n"), (d, "n", "n"))
        if n
    ]


def of(line_list):
    """The people and their one exposure."""
    people, kept = people_of(line_list)
    return people, exposure_states(line_list, kept, None)[0]
