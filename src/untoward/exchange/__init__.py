"""Readers and writers: what comes in from files and goes out to them, between formats and values of the model."""
