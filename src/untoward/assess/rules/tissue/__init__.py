"""Rules about dying or starved tissue."""
