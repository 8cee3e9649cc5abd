"""kill -9 in the middle of saving: what was acknowledged is there, nothing is half there, and the trail is whole."""

import pytest
from benchmarks.site_faults import killed_while_saving


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_and_nothing_half_saved(small, kind):
    came = killed_while_saving(small(kind), saves=60, kills=1)
    assert came.acknowledged == 60
    assert came.well, came
    assert came.entries >= 60 * 8
