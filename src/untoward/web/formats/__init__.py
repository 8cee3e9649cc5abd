"""How dates are written on every page."""
