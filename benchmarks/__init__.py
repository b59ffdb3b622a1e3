"""Measurements: what was measured, how large, how fast, against what, and whether that is enough."""
