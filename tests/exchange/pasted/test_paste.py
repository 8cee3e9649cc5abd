"""Tables pasted from a sheet: every doubtful cell is named and empty, none is guessed."""

import pytest

from untoward.errors import InputError
from untoward.exchange.pasted import DateOrder, read_pasted


@pytest.fixture
def paste(tmp_path):
    def pasted(text, order=DateOrder.UNKNOWN):
        path = tmp_path / "pasted.txt"
        path.write_text(text, encoding="utf-8")
        return read_pasted(path, order)

    return pasted


def column(read, name):
    return read.table.get_column(name).to_list()


class TestDates:
    def test_a_date_that_could_be_two_days_is_a_fault(self, paste):
        read = paste("id\tonset\nA\t03/04/2025\nB\t2025-05-06\n")
        assert column(read, "onset") == [None, "2025-05-06"]
        (fault,) = read.faults
        assert "3 April or 4 March" in fault.got
        assert fault.where == "row 2"

    def test_another_date_of_the_column_settles_it_and_is_named(self, paste):
        read = paste("id\tonset\nA\t03/04/2025\nB\t25/03/2025\n")
        assert column(read, "onset") == ["2025-04-03", "2025-03-25"]
        assert "onset: dates were read day first, because of 25/03/2025; please confirm" in read.notes

    @pytest.mark.parametrize(
        ("order", "day"), [(DateOrder.DAY_FIRST, "2025-04-03"), (DateOrder.MONTH_FIRST, "2025-03-04")]
    )
    def test_the_caller_may_know(self, paste, order, day):
        read = paste("id\tonset\nA\t03/04/2025\n", order)
        assert (column(read, "onset"), read.faults) == ([day], ())

    def test_days_that_no_calendar_has(self, paste):
        read = paste("id\tseen\nA\t31/04/2025\nB\t30/04/2025\n")
        assert column(read, "seen") == [None, "2025-04-30"]
        assert len(read.faults) == 1

    def test_times_months_and_years_keep_what_they_say(self, paste):
        read = paste("id\tonset\nA\t2025-04-03 14:30\nB\t2025-04\nC\t2025\n")
        assert column(read, "onset") == ["2025-04-03T14:30", "2025-04", "2025"]


class TestNumbers:
    def test_a_decimal_comma(self, paste):
        assert column(paste("id;kg\nA;61,5\nB;70,25\n"), "kg") == ["61.5", "70.25"]

    def test_a_comma_that_could_part_thousands(self, paste):
        read = paste("id\tunits\nA\t1,250\nB\t2\n")
        assert column(read, "units") == [None, "2"]
        assert read.faults[0].what == "a comma that could part thousands or decimals"

    def test_another_number_settles_it(self, paste):
        assert column(paste("id\tml\nA\t1,250\nB\t2,5\n"), "ml") == ["1.25", "2.5"]

    def test_keys_keep_their_noughts(self, paste):
        assert column(paste("code\tkg\n007\t61,5\n012\t70,5\n"), "code") == ["007", "012"]

    def test_a_word_among_numbers(self, paste):
        read = paste("id\tkg\nA\t61\nB\t70\nC\theavy\n")
        assert (column(read, "kg"), len(read.faults)) == (["61", "70", None], 1)


class TestTables:
    def test_yes_and_no_in_any_words(self, paste):
        read = paste("id\till\tvial\nA\tsí\tV1\nB\twell\tV2\nC\tperhaps\tV1\nD\t?\tV2\n")
        assert column(read, "ill") == ["yes", "no", None, None]
        assert [fault.where for fault in read.faults] == ["row 4"]

    def test_every_column_is_kept_also_doubled_and_nameless_ones(self, paste):
        read = paste("note\tnote\t\nA\tB\tC\n")
        assert read.table.columns == ["note", "note (2)", "column 3"]

    def test_a_broken_row_is_named(self, paste):
        read = paste("id\tvial\nA\tV1\nB\nC\tV2\n")
        assert column(read, "id") == ["A", "C"]
        assert read.faults[0].what == "too few cells in the row"

    @pytest.mark.parametrize("text", ["", "id\tonset\n", "\n\n"])
    def test_no_table_at_all(self, paste, text):
        with pytest.raises(InputError):
            paste(text)
