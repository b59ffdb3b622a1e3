"""Published editions will live here; the spine computes its figures live."""
