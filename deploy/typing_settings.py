"""The settings as the type checker reads them: placeholders for what a deployment must give."""

import os

for _name, _value in {
    "SECRET_KEY": "placeholder",
    "ALLOWED_HOSTS": "localhost",
    "DATABASE_URL": "postgres:///none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "FIELD_ENCRYPTION_KEYS": "placeholder",
    "BLIND_INDEX_KEY": "placeholder",
    "SITE_URL": "http://localhost",
}.items():
    os.environ.setdefault(_name, _value)

from config.settings import *  # noqa: E402, F403 - once what they read is there
