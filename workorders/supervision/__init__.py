"""The supervision desk: what has come up, who is late, and which reply is disputed."""
