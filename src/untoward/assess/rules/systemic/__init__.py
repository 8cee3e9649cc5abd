"""Rules about what an injected compound does to the whole body."""
