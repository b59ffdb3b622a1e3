"""What happens to a request, announced in its own transaction for those above to hear.

``tests/guards/test_signals.py`` sees to it that each has its listener.
"""

from django.dispatch import Signal

# request, court, department, handler (or None), by (or None), note, at
request_routed = Signal()
# request, at
request_withdrawn = Signal()
# request, at
reply_disputed = Signal()
# request, at: a returned request was answered on the spot after all
request_answered_at_desk = Signal()
# request, into, at
request_merged = Signal()
