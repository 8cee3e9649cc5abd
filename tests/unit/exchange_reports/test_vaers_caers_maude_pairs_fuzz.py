"""Whatever happens to a file, nothing but InputError is raised, and the ledger adds up."""

import random
from pathlib import Path

import pytest

from untoward.errors import InputError
from untoward.exchange.reports import caers, counts, maude, openfda, pairs, text_blocks, vaers
from untoward.exchange.reports.archive import find_sources

FOLDER = Path(__file__).parents[2] / "fixtures" / "reports"
SOURCES = {
    "vaers": (vaers.read_vaers, "vaers"),
    "maude": (maude.read_maude, "maude"),
    "caers new": (caers.read_caers, "caers_new.csv"),
    "caers old": (caers.read_caers, "caers_old.csv"),
    "drug": (openfda.read_openfda, "openfda_drug.json"),
    "food": (openfda.read_openfda, "openfda_food.json"),
    "pairs": (pairs.read_pairs, "pairs.csv"),
    "counts": (counts.read_counts, "counts.csv"),
}
PIECES = (
    b'"', b'""', b",", b"|", b"\n", b"\r\n", b"\r", b"\0", b"\xff", b"\xc3", b"\xa0", b"\xef\xbb\xbf", b"\x1f", b" ",
    b"*", b"Y", b"0", b"-1", b"99999999999999999999", b"1001,01/05/2023,", b"5000001|", b"\\", b"{", b"]", b"," * 300,
)  # fmt: skip


def mutated(text, chance):
    """A few places of a text changed: pieces put in, letters taken away, lines doubled, the end cut off."""
    for _change in range(chance.randint(1, 6)):
        at = chance.randrange(len(text) + 1)
        kind = chance.random()
        if kind < 0.5:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif kind < 0.75:
            text = text[:at] + text[at + chance.randint(1, 30) :]
        elif kind < 0.95:
            text = text[:at] + text[at - chance.randint(0, 200) :]
        else:
            text = text[:at]
    return text


def read(name, folder):
    reader, _place = SOURCES[name]
    try:
        tables = reader(find_sources([folder]), lambda _step, _done, _total: None)
    except InputError:
        return
    assert tables.ledger.faults() == ()


@pytest.mark.parametrize("name", SOURCES)
def test_mutated_files_never_break_a_reader(name, tmp_path, monkeypatch):
    chance = random.Random(name)
    place = FOLDER / SOURCES[name][1]
    files = sorted(place.iterdir()) if place.is_dir() else [place]
    for _round in range(120):
        for file in files:
            text = file.read_bytes()
            (tmp_path / file.name).write_bytes(mutated(text, chance) if chance.random() < 0.5 else text)
        read(name, tmp_path)


@pytest.mark.parametrize("name", ["vaers", "maude", "caers new", "pairs"])
@pytest.mark.parametrize("step", [1, 3, 50, 1000])
def test_blocks_of_any_length_give_the_same_tables(name, step, monkeypatch):
    reader, place = SOURCES[name]
    files = find_sources([FOLDER / place])
    whole = reader(files, lambda _step, _done, _total: None)

    def cut(parts):
        for part in parts:
            yield from (part[at : at + step] for at in range(0, len(part), step))

    plain = text_blocks._one_encoding
    monkeypatch.setattr(text_blocks, "_one_encoding", lambda parts: cut(plain(parts)))
    again = reader(files, lambda _step, _done, _total: None)
    assert again.reports.equals(whole.reports)
    assert again.drugs.equals(whole.drugs)
    assert again.events.equals(whole.events)
    assert again.ledger == whole.ledger
