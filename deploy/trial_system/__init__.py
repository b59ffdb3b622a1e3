"""A trial business system to talk to: invented courts, people and cases, the same for one seed.

A program of its own with a database of its own (SQLite), from the standard library alone; it knows
nothing of the product but the shape of its files and of its machine interface.

``people`` invents names and numbers, ``lives`` what happens in a case, ``ledger`` keeps it in the
order in which clerks entered it and plans how it goes over the wire, ``files`` and ``calls`` send.
"""
