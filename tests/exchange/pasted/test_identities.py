"""Lists of persons for linkage, and token files: nothing of a person may leave with a fault."""

from datetime import date

import pytest

from untoward.errors import InputError
from untoward.exchange.pasted import read_identities, read_token_files, token_frame

TOKEN = "0123456789abcdef" * 4


def test_headers_in_several_languages(tmp_path):
    path = tmp_path / "personas.csv"
    path.write_text(
        "paciente;nombre;apellidos;fecha de nacimiento;sexo\n7;Ana;Ruiz Gil;25/03/1980;M\n", encoding="utf-8"
    )
    (row,) = read_identities(path).rows()
    assert row == {
        "patient_id": "7", "given_name": "Ana", "family_name": "Ruiz Gil", "birth_date": date(1980, 3, 25), "sex": "M",
    }  # fmt: skip


def test_a_birth_date_known_to_the_month_is_none(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("patient_id,given_name,family_name,birth_date,sex\n1,Ana,Ruiz,1980-03,F\n")
    assert read_identities(path).rows()[0]["birth_date"] is None


def test_faults_quote_nobody(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(
        "patient_id,given_name,family_name,birth_date,sex\n1,Ana,Ruiz,32/13/1980,F\n1,Eva,Gil,1980-01-01,F\n"
    )
    reading = read_identities(path)
    assert {fault.what for fault in reading.faults} == {
        "no calendar has this day",
        "stands in more than one row",
    }
    assert not any(word in str(reading.faults) for word in ("Ana", "Ruiz", "32/13", "Eva"))


def test_tokens_of_two_clinics(tmp_path):
    for clinic in ("north", "south"):
        token_frame(clinic, [("r1", "names", TOKEN), ("r0", "first", TOKEN)]).write_csv(
            tmp_path / f"{clinic}.csv"
        )
    read = read_token_files([tmp_path / "north.csv", tmp_path / "south.csv"])
    assert read["north", "r1"] == [("names", TOKEN)]
    assert len(read) == 4


def test_every_fault_of_every_file(tmp_path):
    good = token_frame("north", [("r1", "names", TOKEN)])
    good.write_csv(tmp_path / "a.csv")
    good.write_csv(tmp_path / "b.csv")
    (tmp_path / "c.csv").write_text("name,born\nAna,1980\n")
    (tmp_path / "d.csv").write_text("clinic,record,kind,token\nwest,r1,names,Ana Ruiz\n")
    with pytest.raises(InputError) as caught:
        read_token_files([tmp_path / name for name in ("a.csv", "b.csv", "c.csv", "d.csv")])
    assert {fault.what for fault in caught.value.faults} == {
        "one clinic in two files",
        "is no token file",
        "no token",
    }
    assert "Ana" not in str(caught.value)


def test_one_clinic_alone_is_nothing_to_join(tmp_path):
    token_frame("north", [("r1", "names", TOKEN)]).write_csv(tmp_path / "a.csv")
    with pytest.raises(InputError, match="only one clinic"):
        read_token_files([tmp_path / "a.csv"])
