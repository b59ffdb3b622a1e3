"""The standing book: every request with its whole handling as one row (G11, B11).

Reports of misconduct are not registered by this platform yet. When they are, they must not reach
``visible_to``, from which every row here starts: no text of theirs may stand in the book.
"""
