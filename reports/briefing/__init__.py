"""The monthly briefing and the frozen editions of a month (G12, G16, B10, B14)."""
