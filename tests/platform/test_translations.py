"""Translations are compiled without the gettext programs."""

import gettext
import os
from pathlib import Path

from deploy.launcher.translations import compile_translations

_CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "work order"
msgstr "工单"

#, python-format
msgid "%(count)d business day"
msgid_plural "%(count)d business days"
msgstr[0] "%(count)d 个工作日"

msgctxt "verb"
msgid "return"
msgstr "退单"

#, fuzzy
msgid "reply"
msgstr "回答"
"""


def test_compiled_catalogue_translates(tmp_path: Path):
    folder = tmp_path / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(_CATALOGUE, encoding="utf-8")

    assert compile_translations(tmp_path) == 1

    with (folder / "django.mo").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("work order") == "工单"
    assert translations.ngettext("%(count)d business day", "%(count)d business days", 3) == (
        "%(count)d 个工作日"
    )
    assert translations.pgettext("verb", "return") == "退单"
    assert translations.gettext("reply") == "reply"  # uncertain ones are not used


def test_only_what_is_newer_is_compiled_again(tmp_path: Path):
    folder = tmp_path / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(_CATALOGUE, encoding="utf-8")
    assert compile_translations(tmp_path) == 1
    assert compile_translations(tmp_path) == 0
    later = (folder / "django.mo").stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(later, later))
    assert compile_translations(tmp_path) == 1
