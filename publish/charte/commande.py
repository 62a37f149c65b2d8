"""What the library of the command line says in English only, in French: its usage errors and the frame of its help.

The library translates neither its errors nor, through ``gettext``, without a compiled catalogue on the disk. Each
pattern is one of its sentences; one that none of them knows is shown as it is, under a French heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from publish.charte.i18n import Lang

SENTENCES = (
    (r"No such option: (?P<a>\S+) \(Possible options?: (?P<b>.+)\)", "L'option {a} n'existe pas. Proches : {b}."),
    (r"No such option: (?P<a>\S+)( Did you mean (?P<b>.+)\?)?", "L'option {a} n'existe pas."),
    (r"No such command '(?P<a>.+?)'\. Did you mean (?P<b>.+)\?", "La commande « {a} » n'existe pas. Proches : {b}."),
    (r"No such command '(?P<a>.+?)'\.", "La commande « {a} » n'existe pas."),
    (r"Missing argument '?(?P<a>.+?)'?\.", "Il manque l'argument {a}."),
    (r"Missing option '?(?P<a>.+?)'?\.", "Il manque l'option {a}."),
    (r"Missing command\.", "Il manque une commande."),
    (r"Got unexpected extra arguments?(\(s\))? \((?P<a>.+)\)", "Argument en trop : {a}."),
    (r"Option '(?P<a>.+)' requires an argument\.", "L'option {a} attend une valeur."),
    (r"Option '(?P<a>.+)' does not take a value\.", "L'option {a} n'a pas de valeur."),
    (r"Invalid value for '(?P<a>.+?)': .*valid integer.*", "L'option {a} attend un nombre entier."),
    (r"Invalid value for '(?P<a>.+?)': .*less than or equal to (?P<b>\S+)", "L'option {a} vaut {b} au plus."),
    (r"Invalid value for '(?P<a>.+?)': .*greater than or equal to (?P<b>\S+)", "L'option {a} vaut {b} au moins."),
    (
        r"Invalid value for '(?P<a>.+?)': .*?(?P<b>'\S*') is not one of (?P<c>.+)\.",
        "L'option {a} ne peut valoir {b}. Valeurs possibles : {c}.",
    ),
    (r"Invalid value for '(?P<a>.+?)': (?P<b>.+)", "La valeur de {a} n'est pas comprise : {b}"),
)
HEADINGS = {"ARGUMENTS_PANEL_TITLE": "Arguments", "OPTIONS_PANEL_TITLE": "Options", "COMMANDS_PANEL_TITLE": "Commandes"}
MARKS = {
    "DEFAULT_STRING": "[défaut : {}]",
    "ENVVAR_STRING": "[variable d'environnement : {}]",
    "REQUIRED_LONG_STRING": "[obligatoire]",
}
HELP = "Montre cette aide et s'arrête."
MORE: dict[Lang, str] = {
    "fr": "« {command} --help » dit comment l'utiliser.",
    "en": "See '{command} --help'.",
}


PAGES: dict[Lang, str] = {
    "fr": "Les autres : « --page » de 1 à {pages}, ou « --limit {total} » pour toutes.",
    "en": "For the others: --page from 1 to {pages}, or --limit {total} for all of them.",
}


def pages(count: int, *, total: int, lang: Lang) -> str:
    """Which options of ``validate`` show the errors that a report of so many pages does not."""
    return PAGES[lang].format(pages=count, total=total)


def lang_of(words: list[str]) -> Lang:
    """The language a command line asks for: French, unless it says ``--lang en``."""
    asked = [after for word, after in zip(words, [*words[1:], ""], strict=False) if word == "--lang"]
    return "en" if "en" in asked or "--lang=en" in words else "fr"


def usage(sentence: str, *, command: str, lang: Lang) -> str:
    """A usage error of the library in the language, and which help to ask for."""
    said = sentence if lang == "en" else french(" ".join(sentence.split()))
    return f"{said}\n{MORE[lang].format(command=command)}"


def french(sentence: str) -> str:
    """The sentence in French, or as it is where it is not known."""
    for pattern, said in SENTENCES:
        if found := re.fullmatch(pattern, sentence):
            return said.format(**{name: value or "" for name, value in found.groupdict().items()})
    return sentence


def dress(rich: ModuleType) -> None:
    """Give French headings and marks to the help that the library draws."""
    for name, words in {**HEADINGS, **MARKS}.items():
        setattr(rich, name, words)


def dress_help(command: Any, context: Callable[[Any], Any]) -> None:
    """Give French words to the help option of a command and of those below it; ``context`` makes their context."""
    option = command.get_help_option(context(command))
    if option is not None:
        option.help = HELP
    for below in getattr(command, "commands", {}).values():
        dress_help(below, context)
