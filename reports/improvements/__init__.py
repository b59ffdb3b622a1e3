"""Problems for improvement that anyone in a court reports (G18)."""
