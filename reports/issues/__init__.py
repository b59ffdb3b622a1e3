"""Hot, difficult and key issues of a month (G12, B9): found by rule, judged by people."""
