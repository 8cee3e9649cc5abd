from pathlib import Path

import pytest

from untoward.errors import InputError
from untoward.exchange.reports.archive import find_sources
from untoward.exchange.reports.detect import FORMATS, detect, named

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reports"


@pytest.mark.parametrize(
    ("names", "format"),
    [
        (["faers_2017q1"], "faers"),
        (["aers_2012q2"], "aers"),
        (["faers_2017q1", "aers_2012q2"], "faers"),
        (["faers_2017q1/ASCII/DEMO17Q1.txt"], "faers"),
    ],
)
def test_a_source_is_known_by_its_files(names, format):
    assert detect(find_sources(FIXTURES / name for name in names)).name == format


def test_no_other_reader_claims_these_files():
    for folder in ("faers_2017q1", "aers_2012q2"):
        files = find_sources([FIXTURES / folder])
        names, lines = [file.base for file in files], [file.first_line() for file in files]
        assert [each.name for each in FORMATS if each.looks_like(names, lines)] == [folder.partition("_")[0]]


def test_files_nobody_knows_are_refused_with_what_is_read(tmp_path):
    tmp_path.joinpath("notes.txt").write_text("Dear diary")
    with pytest.raises(InputError, match=r"(?s)no reader knows these files.*NOTES\.TXT.*faers"):
        detect(find_sources([tmp_path]))


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="no file in it"):
        detect(find_sources([tmp_path]))


def test_sources_mixed_are_refused():
    with pytest.raises(InputError, match="several sources are mixed"):
        detect(find_sources([FIXTURES / "faers_2017q1", FIXTURES / "vaers"]))


def test_a_format_by_its_name():
    assert named(" FAERS ").name == "faers"
    with pytest.raises(InputError, match="no such format"):
        named("xls")
