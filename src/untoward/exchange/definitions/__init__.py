"""Case definitions in: YAML or JSON, checked against the schema and the evidence, all faults at once.

What comes out is the document as it was written, with every term and compound under its own id.
"""

from untoward.exchange.definitions.read import DefinitionReading, read_definition
from untoward.exchange.definitions.template import Wanted, definition_template

__all__ = ["DefinitionReading", "Wanted", "definition_template", "read_definition"]
