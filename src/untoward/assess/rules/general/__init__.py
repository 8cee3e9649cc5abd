"""Rules about what is not known, and about signs that no other rule owns."""
