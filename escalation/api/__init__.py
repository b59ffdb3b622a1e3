"""Deadlines for machines: the page's calculator with the same question."""
