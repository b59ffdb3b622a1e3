"""From what the trial business system sends to rows of the mirror.

``reading`` cuts a file into lines, ``records`` checks one record, ``batch`` writes many at once
(``staging`` holds its statements, ``contacts`` the people), ``quarantine`` keeps what was not
taken, and ``runs`` does a whole file, from wherever it was left.
"""
