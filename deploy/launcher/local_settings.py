"""Settings of an installation on one machine, for what the environment leaves open."""

from deploy.launcher.state import LocalState, read_json


def local_settings(state: LocalState) -> dict[str, str]:
    """Everything `config.settings` needs but the servers: plain HTTP, own keys, mail to files."""
    secrets = state.secrets()
    running = read_json(state.processes_file)
    return {
        "SECRET_KEY": secrets["SECRET_KEY"],
        "FIELD_ENCRYPTION_KEYS": secrets["FIELD_ENCRYPTION_KEYS"],
        "BLIND_INDEX_KEY": secrets["BLIND_INDEX_KEY"],
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SITE_URL": str(running.get("site_url", "http://127.0.0.1:8000")),
        "HTTPS_ONLY": "false",
        "COLLECTED_STATIC": "false",
        "DEMONSTRATION": "true",
        "EMAIL_URL": f"filemail://{state.root / 'mail'}",
    }
