"""Playing recorded messages through the same services as the screens, at their own times."""
