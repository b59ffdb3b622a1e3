"""What came from the trial business system, announced in its own transaction.

``tests/guards/test_signals.py`` sees to it that each has its listener once there is one above.
"""

from django.dispatch import Signal

# node_ids (list of ids of ``CaseNode``), at: nodes that are the latest revision of theirs and were
# created or withdrawn (or stand again) by this batch. A batch is announced once, in the
# transaction that wrote it; a batch that is done again after a kill is announced with the rows it
# then writes, so a listener keeps its own promise of once.
nodes_arrived = Signal()

# contact_ids, node_ids, at: people who are new in cases, or are reached another way since this
# batch, and the nodes that came there before; each may know some of them.
people_arrived = Signal()
