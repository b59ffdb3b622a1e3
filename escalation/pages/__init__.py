"""The deadline calculator: how a limit is counted, for anyone to see."""
