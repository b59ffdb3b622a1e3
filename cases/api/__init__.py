"""The mirror for machines: the trial business system sends cases and nodes as they happen."""
