"""untoward: record, assess, watch and report the safety of injectable treatments."""

__version__ = "0.1.0"
