"""Tables that a person put together: pasted from a spreadsheet, or a list of persons for linkage.

They go through the readers of `exchange.tables`; what differs is that every column is kept and every doubtful cell is
named, since the person who pasted it sits in front of it and can mend it.
"""

from untoward.exchange.pasted.identities import IdentityReading, read_identities
from untoward.exchange.pasted.paste import DateOrder, PastedTable, read_pasted
from untoward.exchange.pasted.token_files import read_token_files, token_frame

__all__ = [
    "DateOrder",
    "IdentityReading",
    "PastedTable",
    "read_identities",
    "read_pasted",
    "read_token_files",
    "token_frame",
]
