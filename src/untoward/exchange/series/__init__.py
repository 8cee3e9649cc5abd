"""Count series in: a line list of dates, or counts per week or day, perhaps by group."""

from untoward.exchange.series.reading import DatedCounts, SeriesReading, read_series

__all__ = ["DatedCounts", "SeriesReading", "read_series"]
