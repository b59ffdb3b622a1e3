"""A judge's own figures, the objection to them, and the annual assessment (G16, B14)."""
