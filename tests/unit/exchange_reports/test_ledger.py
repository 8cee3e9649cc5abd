from untoward.model.ledger import Fate, Ledger, LedgerEntry


def entry(fate, rows, file="a", table="DEMO", reason=""):
    return LedgerEntry(file=file, table=table, fate=fate, rows=rows, reason=reason)


def test_a_ledger_that_adds_up_has_no_faults():
    ledger = Ledger().with_entries(
        [entry(Fate.READ, 5), entry(Fate.KEPT, 2), entry(Fate.MERGED, 1), entry(Fate.DROPPED, 2)]
    )
    assert ledger.faults() == ()
    assert ledger.rows(Fate.READ) == 5
    assert ledger.rows(Fate.DROPPED, "DEMO") == 2
    assert ledger.rows(Fate.DROPPED, "DRUG") == 0


def test_rows_without_a_fate_and_rows_too_many_are_named():
    ledger = Ledger().with_entries([entry(Fate.READ, 5), entry(Fate.KEPT, 2), entry(Fate.KEPT, 1, file="b")])
    assert ledger.faults() == ("a, DEMO: 3 rows without a fate", "b, DEMO: 1 rows more than were read")


def test_faults_of_two_files_do_not_cancel_out():
    ledger = Ledger().with_entries([entry(Fate.READ, 1), entry(Fate.KEPT, 1, file="b")])
    assert len(ledger.faults()) == 2


def test_nothing_is_noted_unless_it_says_that_rows_were_read():
    ledger = Ledger().with_entries([entry(Fate.KEPT, 0), entry(Fate.READ, 0, reason="missing")])
    assert [each.fate for each in ledger.entries] == [Fate.READ]
