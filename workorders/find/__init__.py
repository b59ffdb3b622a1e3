"""Find anything that one may see by a few words, from every page of the staff."""
