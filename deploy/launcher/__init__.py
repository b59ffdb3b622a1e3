"""Runs the whole product on one machine, without Docker and without system servers.

`environment` makes `.venv` from the hashed lock; `postgres` and `valkey` start real servers from
wheels; `servers` shares them between `make run`, `manage.py` and whoever else needs them;
`supervisor` runs web, worker and beat. Everything it keeps lies in one folder (`state`).
"""
