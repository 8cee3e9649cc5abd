"""Rules about what is expected after a compound, and for how long."""
