"""The orders of a judge, an assistant or a department: what is due, and what to do about it."""
