"""Matters on the agenda of leading bodies, and the look back at them (G13, G14, B12, B13)."""
