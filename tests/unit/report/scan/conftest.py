"""The made-up scan, for every test of this folder."""

from __future__ import annotations

import pytest
from tests.unit.report.scan.example_scan import example_content

from untoward.report.scan.content import ScanContent


@pytest.fixture
def content() -> ScanContent:
    """Three places, six months, two clusters of which one is clear."""
    return example_content()
