"""Every component in every state, for those who build and review pages; off in production."""
