"""Rules about nerves at the injected place."""
