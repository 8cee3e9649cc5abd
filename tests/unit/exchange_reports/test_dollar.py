"""The plain lines against a reader that only splits, and each kind of odd line by itself."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.errors import InputError
from untoward.exchange.reports import repair
from untoward.exchange.reports.archive import find_sources
from untoward.exchange.reports.columns import Column, Table
from untoward.exchange.reports.dollar import BAD_KEY, SHIFTED, count_lines, find_lines, read_dollar
from untoward.exchange.reports.line_tally import LineTally
from untoward.model.ledger import Fate, Ledger

TABLE = Table(
    name="T",
    columns=(
        Column(name="primaryid", pattern=r"\d{1,18}", used=True, wanted=True),
        Column(name="caseid", pattern=r"\d*"),
        Column(name="seq", pattern=r"\d*", used=True, firm=True),
        Column(name="role", pattern="(?:PS|SS|C|I)?", used=True),
        Column(name="name", used=True, filled=True),
        Column(name="code", pattern="[12]?"),
        Column(name="note"),
        Column(name="age", pattern=r"\d*", used=True),
    ),
)
HEADER = "primaryid$caseid$seq$role$name$code$note$age"
ROW = "1001$100$1$PS$ALPHA$1$seen$40"


def read(tmp_path, *lines, header=HEADER, end="\n", last=None, encoding="utf-8"):
    """The rows without the key, the ledger, and what the tally says: {(fate, reason): rows}."""
    file = tmp_path / "t.txt"
    text = end.join([header, *lines]) + (end if last is None else last)
    file.write_bytes(text.encode(encoding))
    tally = LineTally("t.txt", "T")
    frame = read_dollar(find_sources([file])[0], TABLE, {}, tally)
    assert frame.columns == list(TABLE.used)
    assert frame.schema["primaryid"] == pl.Int64
    entries = tally.entries()
    ledger = Ledger(entries=entries)
    assert len(frame) == ledger.rows(Fate.READ) - ledger.rows(Fate.DROPPED) - ledger.rows(Fate.MERGED)
    return frame.rows(), {(entry.fate, entry.reason): entry.rows for entry in entries if entry.rows}, entries


SOUND = (1001, "1", "PS", "ALPHA", "40")


class TestPlainLines:
    def test_used_columns_come_as_text_and_the_key_as_a_number(self, tmp_path):
        rows, said, _ = read(tmp_path, ROW)
        assert rows == [SOUND]
        assert said == {(Fate.READ, ""): 1}

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_any_line_end_will_do(self, tmp_path, end):
        assert read(tmp_path, ROW, ROW, end=end)[0] == [SOUND, SOUND]

    def test_a_last_line_without_its_end_is_a_row(self, tmp_path):
        assert read(tmp_path, ROW, ROW, last="")[0] == [SOUND, SOUND]

    def test_rows_may_end_in_a_separator_with_or_without_one_in_the_header(self, tmp_path):
        assert read(tmp_path, ROW + "$", ROW + "$")[0] == [SOUND, SOUND]
        assert read(tmp_path, ROW + "$", header=HEADER + "$")[0] == [SOUND]

    def test_a_header_in_capitals_and_quotes(self, tmp_path):
        assert read(tmp_path, ROW, header='"' + HEADER.upper().replace("$", '"$"') + '"')[0] == [SOUND]

    def test_columns_may_come_in_another_order_and_with_others(self, tmp_path):
        rows, _said, _ = read(tmp_path, "1001$x$40$ALPHA$PS$1", header="primaryid$new$age$name$role$seq")
        assert rows == [SOUND]

    def test_a_used_column_that_is_not_there_is_null(self, tmp_path):
        assert read(tmp_path, "1001$ALPHA", header="primaryid$name")[0] == [(1001, None, None, "ALPHA", None)]

    def test_quotes_are_letters(self, tmp_path):
        rows = read(tmp_path, ROW.replace("ALPHA", '"ALPHA'), ROW.replace("ALPHA", 'AL"PHA"'))[0]
        assert [row[3] for row in rows] == ['"ALPHA', 'AL"PHA"']

    def test_empty_fields_are_null(self, tmp_path):
        assert read(tmp_path, "1001$100$$$ALPHA$$$")[0] == [(1001, None, None, "ALPHA", None)]

    def test_a_file_in_latin_1(self, tmp_path):
        assert read(tmp_path, ROW.replace("ALPHA", "SJÖGREN"), encoding="latin-1")[0][0][3] == "SJÖGREN"

    def test_blank_lines_above_the_header(self, tmp_path):
        rows, _said, entries = read(tmp_path, HEADER, "x$", ROW, header="")
        assert rows == [SOUND]
        assert entries[-1].examples[0].startswith("line 3: x$")

    def test_only_a_header(self, tmp_path):
        assert read(tmp_path)[0] == []


class TestWrongHeaders:
    @pytest.mark.parametrize(
        "header", ["caseid$seq", "primaryid,caseid,name", "<html>", "1001$100$1$PS$ALPHA$1$x$40"]
    )
    def test_a_header_of_something_else_is_refused(self, tmp_path, header):
        with pytest.raises(InputError, match="column is missing"):
            read(tmp_path, ROW, header=header)

    def test_a_column_that_stands_twice_is_refused(self, tmp_path):
        with pytest.raises(InputError, match="stands twice"):
            read(tmp_path, ROW, header=HEADER + "$name")

    def test_an_empty_file_is_refused(self, tmp_path):
        with pytest.raises(InputError, match="no header"):
            read(tmp_path, header="")


class TestRepair:
    """One odd line each; a sound row stands above and below it."""

    def mend(self, tmp_path, *odd, closed=False):
        rows = (ROW + "$" if closed else ROW,)
        got, said, entries = read(tmp_path, *rows, *rows, *odd, *rows, *rows)
        assert got.count(SOUND) >= 4
        for _ in range(4):
            got.remove(SOUND)
        said[Fate.READ, ""] -= 4
        return got, {key: count for key, count in said.items() if count}, entries

    def test_a_line_break_inside_a_field(self, tmp_path):
        got, said, entries = self.mend(tmp_path, "1002$100$2$SS$BE", "TA$2$seen$41")
        assert got == [(1002, "2", "SS", "BE TA", "41")]
        assert said == {(Fate.READ, repair.JOINED): 2, (Fate.MERGED, repair.CONTINUES): 1}
        (merged,) = [entry for entry in entries if entry.fate is Fate.MERGED]
        assert merged.examples == ("line 5: TA$2$seen$41",)

    def test_several_line_breaks_and_blank_lines_inside_a_row(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA$2$se", "", "en", "again$41")
        assert got == [(1002, "2", "SS", "BETA", "41")]
        assert said[Fate.MERGED, repair.CONTINUES] == 3

    def test_a_line_break_inside_the_last_field(self, tmp_path):
        got, said, _ = read(tmp_path, "1$A B", "1$A", "B", "1$C", header="primaryid$name")
        assert [row[3] for row in got] == ["A B", "C", "A B"]
        assert said[Fate.MERGED, repair.CONTINUES] == 1

    def test_a_line_break_in_rows_that_end_in_a_separator(self, tmp_path):
        got, _said, _ = self.mend(tmp_path, "1002$100$2$SS$BE", "TA$2$seen$41$", closed=True)
        assert got == [(1002, "2", "SS", "BE TA", "41")]

    def test_a_separator_inside_a_text_that_is_not_used(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA$2$se$en$41")
        assert got == [(1002, "2", "SS", "BETA", "41")]
        assert said == {(Fate.READ, repair.EXTRA): 1}

    def test_a_separator_inside_a_text_that_is_used_where_only_that_fits(self, tmp_path):
        got, _said, _ = self.mend(tmp_path, "1002$100$2$SS$BE$TA$2$$41")
        assert got == [(1002, "2", "SS", "BE$TA", "41")]

    def test_a_separator_too_many_in_rows_that_end_in_one(self, tmp_path):
        got, _said, _ = self.mend(tmp_path, "1002$100$2$SS$BE$TA$2$$41$", closed=True)
        assert got == [(1002, "2", "SS", "BE$TA", "41")]

    def test_a_separator_that_could_belong_to_two_texts_is_not_guessed(self, tmp_path):
        got, said, entries = self.mend(tmp_path, "1002$100$2$SS$BETA$$$seen$41")
        assert got == []
        assert said == {(Fate.READ, ""): 1, (Fate.DROPPED, repair.TOO_MANY): 1}
        assert entries[-1].examples == ("line 4: 1002$100$2$SS$BETA$$$seen$41",)

    def test_two_rows_in_one_line(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA$2$seen$1003$100$3$C$GAMMA$$$42")
        assert got == [(1002, "2", "SS", "BETA", None), (1003, "3", "C", "GAMMA", "42")]
        assert said == {(Fate.READ, repair.PARTED): 2}

    def test_two_rows_in_one_line_that_end_in_a_separator(self, tmp_path):
        got, _said, _ = self.mend(
            tmp_path, "1002$100$2$SS$BETA$2$seen$41$1003$100$3$C$GAMMA$$$42$", closed=True
        )
        assert got == [(1002, "2", "SS", "BETA", "41"), (1003, "3", "C", "GAMMA", "42")]

    def test_a_separator_lost_where_no_used_text_is_near(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA$2$seen")
        assert got == [(1002, "2", "SS", "BETA", None)]
        assert said == {(Fate.READ, repair.LOST): 1}

    def test_a_separator_lost_where_a_value_could_be_of_two_columns_is_not_guessed(self, tmp_path):
        assert self.mend(tmp_path, "1002$100$2$SS$BETA$2$41")[0] == []

    def test_a_separator_lost_beside_a_used_text_is_not_guessed(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA1$seen$41")
        assert got == []
        assert said[Fate.DROPPED, repair.TOO_FEW] == 1

    def test_a_row_without_the_separator_that_ends_the_others(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA$2$seen$41", closed=True)
        assert got == [(1002, "2", "SS", "BETA", "41")]
        assert said == {(Fate.READ, repair.TAIL): 1}

    def test_empty_fields_at_the_end_of_a_row(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA$2$seen$41$$$$$$")
        assert got == [(1002, "2", "SS", "BETA", "41")]
        assert said == {(Fate.READ, repair.TAIL): 1}

    def test_nul_bytes(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BE\0TA$2$seen$41")
        assert got == [(1002, "2", "SS", "BETA", "41")]
        assert said == {(Fate.READ, repair.NULS): 1}

    def test_quotes_around_a_whole_row_and_space_before_it(self, tmp_path):
        got, _said, _ = self.mend(
            tmp_path, '"1002$100$2$SS$BETA$2$seen$41"', "  1003$100$2$SS$BETA$2$seen$41"
        )
        assert [row[0] for row in got] == [1002, 1003]

    def test_blank_lines_and_the_sign_of_the_end_of_a_file(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "", "   ", "\0\0", "\x1a", closed=True)
        assert got == []
        assert said == {(Fate.READ, ""): 4, (Fate.DROPPED, repair.BLANK): 4}

    def test_three_hundred_columns(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002" + "$x" * 300)
        assert got == []
        assert said[Fate.DROPPED, repair.TOO_MANY] == 1

    def test_as_many_separators_as_wrap_around_a_byte(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002" + "$x" * (256 + 7), "1002" + "$x" * (65536 + 7))
        assert got == []
        assert said[Fate.DROPPED, repair.TOO_MANY] == 2

    def test_a_piece_without_a_row_above(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "TA$2$seen")
        assert got == []
        assert said == {(Fate.READ, ""): 1, (Fate.DROPPED, repair.FRAGMENT): 1}

    def test_a_row_with_values_that_cannot_stand_there(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA$2$se", "en$old")
        assert got == []
        assert said[Fate.DROPPED, repair.TOO_FEW] == 1
        assert said[Fate.DROPPED, repair.FRAGMENT] == 1

    def test_two_cut_rows_do_not_become_one(self, tmp_path):
        got, said, _ = self.mend(tmp_path, "1002$100$2$SS$BETA", "1003$100$2")
        assert got == []
        assert said[Fate.DROPPED, repair.TOO_FEW] == 2

    def test_a_file_that_ends_inside_a_row(self, tmp_path):
        got, said, _ = read(tmp_path, ROW, ROW, "1002$100$2$SS$BETA$2$41", last="")
        assert got == [SOUND, SOUND]
        assert said[Fate.DROPPED, repair.CUT] == 1


class TestRowsOfTheRightWidth:
    def test_a_key_that_is_no_number(self, tmp_path):
        got, said, entries = read(tmp_path, ROW, "10x1$100$1$PS$A$1$$", ROW, "9" * 30 + "$100$1$PS$A$1$$")
        assert got == [SOUND, SOUND]
        assert said == {(Fate.READ, ""): 4, (Fate.DROPPED, BAD_KEY): 2}
        assert [example[:7] for example in entries[-1].examples] == ["line 3:", "line 5:"]

    def test_fields_that_are_shifted(self, tmp_path):
        got, said, entries = read(tmp_path, ROW, "1001$100$PS$ALPHA$1$seen$40$")
        assert got == [SOUND]
        assert said[Fate.DROPPED, SHIFTED] == 1
        assert entries[-1].examples == ("line 3: 1001$100$PS$ALPHA$1$seen$40$",)

    def test_a_code_nobody_knows_is_no_reason_to_drop_a_row(self, tmp_path):
        assert len(read(tmp_path, ROW.replace("PS", "NEW"))[0]) == 1


class TestManyLines:
    def test_lines_are_found_across_the_steps_of_reading(self, tmp_path):
        rows = [f"{number}$100$1$PS${'X' * (number % 97)}Y$1$$" for number in range(1, 20_001)]
        got, said, _ = read(tmp_path, *rows)
        assert said == {(Fate.READ, ""): 20_000}
        assert [row[0] for row in got] == list(range(1, 20_001))

    def test_a_long_file_that_does_not_fit_its_header_is_refused(self, tmp_path):
        with pytest.raises(InputError, match=r"(?s)most lines do not fit the header.*1,002 of 1,102 lines"):
            read(tmp_path, *[ROW] * 100, *[ROW + "$x"] * 1002)
        assert len(read(tmp_path, *[ROW] * 1002, *[ROW + "$x"] * 1001)[0]) == 1002

    def test_one_line_longer_than_a_step(self, tmp_path):
        long = "1002$100$2$SS$BETA$2$" + "x" * 600_000 + "$41"
        assert read(tmp_path, ROW, long, ROW)[0][1] == (1002, "2", "SS", "BETA", "41")

    @given(
        st.lists(st.sampled_from(["", "a", "$", "a$b", "$$$", "\x00", "é" * 10]), max_size=30), st.booleans()
    )
    def test_lines_and_separators_as_a_plain_count_has_them(self, texts, ended):
        text = ("\n".join(texts) + ("\n" if ended else "")).encode()
        lines = find_lines(text)
        plain = text.split(b"\n")
        plain = plain[:-1] if plain[-1] == b"" else plain
        assert lines.separators.tolist() == [line.count(b"$") for line in plain]
        assert [lines.line(at).encode() for at in range(len(plain))] == plain

    @given(
        st.lists(
            st.tuples(
                st.integers(1, 10**10),
                st.sampled_from(["", "1", "23"]),
                st.sampled_from(["", "PS", "C"]),
                st.text("AB \"'é\\", min_size=1, max_size=8).filter(str.strip),
                st.sampled_from(["", "40"]),
            ),
            min_size=1,
            max_size=40,
        )
    )
    def test_as_a_reader_that_only_splits(self, tmp_path_factory, rows):
        lines = [f"{key}$1${seq}${role}${name}$1$n${age}" for key, seq, role, name, age in rows]
        got, _said, _ = read(tmp_path_factory.mktemp("t"), *lines)
        assert got == [
            (key, seq or None, role or None, name, age or None) for key, seq, role, name, age in rows
        ]

    @pytest.mark.parametrize(
        ("text", "rows"), [("h", 0), ("h\n", 0), ("h\na", 1), ("h\na\n", 1), ("h\n\na\n", 2), ("", 0)]
    )
    def test_counting_lines_of_a_file_that_is_not_used(self, tmp_path, text, rows):
        file = tmp_path / "a.txt"
        file.write_text(text)
        assert count_lines(find_sources([file])[0]) == rows
