"""Compiles the translations (`locale/*/LC_MESSAGES/*.po`), without the gettext programs."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from deploy.launcher.state import PROJECT


def compile_translations(folder: Path = PROJECT / "locale") -> int:
    """Compile every catalogue that is newer than its compiled form; returns how many were."""
    compiled = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            # The language decides how many forms a plural has: one in Chinese.
            catalog = read_po(file, locale=source.parts[-3])
        draft = target.with_suffix(".draft")
        with draft.open("wb") as file:
            write_mo(file, catalog, use_fuzzy=False)
        draft.replace(target)  # whoever reads it at this moment reads a whole one
        compiled += 1
    return compiled


if __name__ == "__main__":
    print(f"{compile_translations()} translation catalogues compiled")
