"""Referrals to the offices of the leading court (G12, B9)."""
