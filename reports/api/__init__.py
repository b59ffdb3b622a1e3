"""Figures, rankings and published briefings for machines of the city's courts."""
