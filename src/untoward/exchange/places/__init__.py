"""Counts by place for the scan statistics: cases, population or controls, coordinates, and trees.

    files ──open_table─▶ RawTable ──draft_of─▶ Draft (typed, judged) ──assemble─▶ PlaceCounts (arrays)

Tables with headers and the plain files of the well-known scan programs go through the same checks.
"""

from untoward.exchange.places.inputs import PlaceCounts, PlaceFiles, PlaceSettings
from untoward.exchange.places.read import read_places
from untoward.exchange.places.tree_files import TreeCounts, read_tree

__all__ = ["PlaceCounts", "PlaceFiles", "PlaceSettings", "TreeCounts", "read_places", "read_tree"]
