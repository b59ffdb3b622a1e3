"""Good practices, recorded and circulated (B16)."""
