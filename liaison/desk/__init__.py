"""The desk: what the litigation-service staff take next, and what they do with it."""
