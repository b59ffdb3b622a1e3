"""Interviews of units that lag (G16, B14)."""
