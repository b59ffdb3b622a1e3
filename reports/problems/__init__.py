"""The list of problems and its striking off (G11, G14)."""
