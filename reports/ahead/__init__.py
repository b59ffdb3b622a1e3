"""Acting before the demand (G11, B11): which open cases will be asked about; did it help."""
