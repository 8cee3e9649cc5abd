"""Engines that count where one machine is too small. They know reports and counts, nothing else of this package."""
