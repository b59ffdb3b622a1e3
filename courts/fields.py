"""Encrypted model fields: personal data at rest is ciphertext.

A value is sealed with Fernet (AES-128-CBC and HMAC-SHA256) under the first of
``settings.FIELD_ENCRYPTION_KEYS``; the others only open older values, so a key can be
rotated. To find a row by such a value, keep ``blind_index(value)`` beside it.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Return the ciphertext of ``text``."""
    return _box(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    """Return the text sealed in ``token``; raises ``InvalidToken`` when no key opens it."""
    return _box(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()


def seal_bytes(content: bytes) -> bytes:
    """Return the ciphertext of ``content``, which is no text."""
    return _box(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(content)


def unseal_bytes(token: bytes) -> bytes:
    """Return the bytes sealed in ``token``; raises ``InvalidToken`` when no key opens it."""
    return _box(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token)


def blind_index(text: str) -> str:
    """Return a keyed digest of ``text`` by which an encrypted value can be found, never read."""
    if not text:
        return ""
    key = settings.BLIND_INDEX_KEY.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Text stored as ciphertext; '' stays '' so that an absent value is seen to be absent."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return seal(value) if value else value

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return unseal(value) if value else value
