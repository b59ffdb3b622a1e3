"""The leadership's pages: how we are doing, and the list behind every figure (G2)."""
