"""The ledger of looks: one JSON document a line, each chained to the line before, so that no change goes unseen.

    plan          what was fixed at the first look          before = 64 zeros
    look 1        counts, expectations, evidence            before = SHA-256 of the line above
    look 2        …                                         before = SHA-256 of the line above

Lines are only ever added. Beside the ledger stands a small seal (`<ledger>.seal`) with the number of lines and the hash
of the last: without it lines cut off the end could not be told from lines never written. Who can write both files can
forge both; keep a copy of the seal elsewhere where that matters.
"""

from untoward.exchange.looks.chain import Chain, LedgerState
from untoward.exchange.looks.reading import read_ledger
from untoward.exchange.looks.writing import append_lines, repair_ledger

__all__ = ["Chain", "LedgerState", "append_lines", "read_ledger", "repair_ledger"]
