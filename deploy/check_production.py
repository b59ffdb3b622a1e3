"""Django's deployment checks, with values as a deployment gives them; warnings fail."""

import os
import secrets
import subprocess
import sys
from base64 import urlsafe_b64encode

from deploy.launcher.state import PROJECT


def production_values() -> dict[str, str]:
    """An environment as a deployment has it, with fresh keys and servers that nothing uses."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "requests.court.example",
        "SITE_URL": "https://requests.court.example",
        "DATABASE_URL": "postgres://platform:invented@database.example/litigation",
        "REDIS_URL": "redis://:invented@queue.example:6379/0",
        "FIELD_ENCRYPTION_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "BLIND_INDEX_KEY": secrets.token_urlsafe(32),
        "EMAIL_URL": "smtp+tls://user:invented@mail.example:587",
        "TRUSTED_PROXY_COUNT": "1",
    }


def main() -> int:
    """Run the checks; the exit status is theirs."""
    given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # A folder without a local installation, so that nothing is added to the values.
    nowhere = {"LOCAL_STATE_DIR": str(PROJECT / "no-such-folder")}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, cwd=PROJECT, env=given | production_values() | nowhere, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(main())
