"""Is this reaction expected, how urgent is it, and why: pure functions from a case to findings."""
