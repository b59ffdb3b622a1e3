"""What every part of the machine interface shares: who calls, problems, repeats, and pages."""
