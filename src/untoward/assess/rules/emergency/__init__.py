"""Rules about threats to life, asked first."""
