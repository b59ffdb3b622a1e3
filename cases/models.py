"""The mirror of the trial business system will live here; the spine needs case numbers only."""
