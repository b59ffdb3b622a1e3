"""Sessions in the database, with a copy in the cache that nobody waits for when it is away."""

from __future__ import annotations

from typing import Any

import structlog
from django.contrib.sessions.backends import cached_db
from redis import RedisError

log = structlog.get_logger(__name__)


class SessionStore(cached_db.SessionStore):
    """As Django's, which writes through the cache; without it when it cannot be reached."""

    def load(self) -> dict[str, Any]:
        """The session, from the database where the cache cannot be asked."""
        try:
            return super().load()
        except RedisError as error:
            log.warning("session_cache_away", error=type(error).__name__)
        session = self._get_session_from_db()  # type: ignore[attr-defined] # not in the stubs
        return self.decode(session.session_data) if session else {}

    def delete(self, session_key: str | None = None) -> None:
        """End the session. What the cache keeps of it is not found once the database has none."""
        try:
            super().delete(session_key)
        except RedisError as error:
            log.warning("session_cache_away", error=type(error).__name__)
