"""`python -m deploy.launcher.script FILE` runs a script with servers of its own, thrown away after.

For benchmarks: the servers write to disk as in a deployment, and the developer's data are not
touched. DATABASE_URL and REDIS_URL, if given, are used instead.
"""

import os
import runpy
import signal
import sys
import tempfile
from pathlib import Path

from deploy.launcher.command import SERVERS, add_settings
from deploy.launcher.local_settings import local_settings
from deploy.launcher.servers import SharedServers
from deploy.launcher.state import LocalState


def main(arguments: list[str]) -> None:
    """Run the script named first, with the arguments that follow it."""
    if not arguments:
        raise SystemExit("Name the script to run.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    missing = SERVERS - {name for name in SERVERS if os.environ.get(name)}
    with tempfile.TemporaryDirectory(prefix="litigation-script-") as folder:
        state = LocalState(Path(folder).resolve())
        os.environ["LOCAL_STATE_DIR"] = str(state.root)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        with SharedServers(state, missing) as servers:
            add_settings(local_settings(state) | servers.urls)
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
