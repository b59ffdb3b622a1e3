"""Requests for machines: register them, and follow those one has registered (G3, B4)."""
