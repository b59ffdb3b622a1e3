"""Measurements: what, how large, how fast, against what, and whether that is enough."""
