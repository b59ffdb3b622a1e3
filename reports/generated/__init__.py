"""An invented city over years, of any size, written by COPY: the same seed, the same rows.

What happens is made up (``stories``); what is written of it is what the services would have
written, row by row (``scribe``, ``clockwork``), counted by the engine's own pure rules. Tests play
the same stories through the services and compare.
"""
