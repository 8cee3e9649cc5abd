"""The calls, by area. Each does one thing through the same function as the page that does it."""
