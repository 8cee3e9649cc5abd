"""The form of a session: what was typed, what its buttons do, and the draft it makes. Nothing typed is ever lost."""
