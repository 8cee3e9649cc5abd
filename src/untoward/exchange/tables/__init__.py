"""Tables in: registries and line lists from CSV, Parquet and XLSX, with every fault listed at once.

    files ──sources─▶ RawTable (text) ──headers, values, dates─▶ Draft (typed) ──links, days, names─▶ Registry

Each format is brought to text first, so that all of them go through the same checks and give the same faults.
"""

from untoward.exchange.tables.inputs import find_input
from untoward.exchange.tables.line_list import read_line_list
from untoward.exchange.tables.registry import read_registry
from untoward.exchange.tables.results import LineListReading, Names, Progress, RegistryReading, Unrecognised
from untoward.exchange.tables.template import write_template

__all__ = [
    "LineListReading",
    "Names",
    "Progress",
    "RegistryReading",
    "Unrecognised",
    "find_input",
    "read_line_list",
    "read_registry",
    "write_template",
]
