"""Frozen values of the domain. Nothing here reads a file, asks a clock or knows a database."""
