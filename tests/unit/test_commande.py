"""What the library of the command line says on its own is said in French, and in English to who asks for it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import observatoire
from publish.charte import commande

MISUSES = {
    "release --nope": "L'option --nope n'existe pas.",
    "serve --por 3": "L'option --por n'existe pas. Proches : --port.",
    "relase": "La commande « relase » n'existe pas. Proches : 'release'.",
    "inconnue": "La commande « inconnue » n'existe pas.",
    "release": "Il manque l'argument version.",
    "validate a b c": "Argument en trop : c.",
    "serve --port": "L'option --port attend une valeur.",
    "serve --port abc": "L'option --port attend un nombre entier.",
    "serve --port 99999999": "L'option --port vaut 65535 au plus.",
    "simulate --seed -1": "L'option --seed vaut 0 au moins.",
    "serve --port 0": "L'option --port vaut 1 au moins.",
    "validate plan_lits x --format xml": "L'option --format ne peut valoir 'xml'. Valeurs possibles : 'text', 'json'.",
}
ENGLISH = ("Show this message", "Commands", "No such", "Missing", "Invalid", "for help", "required", "default:")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run a command line: its exit code, what it prints on either output."""

    def called(words: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["observatoire", *words.split()])
        with pytest.raises(SystemExit) as left:
            observatoire.main()
        printed = capsys.readouterr()
        return left.value.code, printed.out + printed.err

    return called


@pytest.mark.parametrize("words", MISUSES)
def test_a_misuse_is_told_in_french_with_the_help_to_ask_for(run, words: str) -> None:
    code, said = run(words)
    assert code == 2
    assert said.splitlines()[0] == MISUSES[words]
    assert "--help » dit comment" in said


def test_no_word_at_all_shows_the_commands(run) -> None:
    code, said = run("")
    assert code == 2
    assert "Commandes" in said
    assert "simulate" in said


@pytest.mark.parametrize("command", ["validate", "ingest"])
def test_a_file_that_may_not_be_read_is_told_in_french(
    run, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a\n", encoding="utf-8")
    allowed, opened = os.access, Path.open

    def closed(path: Path, *options: Any, **named: Any) -> Any:
        if path == file:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *options, **named)

    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != file and allowed(path, mode))
    monkeypatch.setattr(Path, "open", closed)
    code, said = run(f"{command} plan_lits {file}")
    assert (code, said) == (
        2,
        f"{file} : vous n'avez pas le droit de lire ce fichier. Demandez ce droit, ou copiez le fichier ailleurs.\n",
    )


@pytest.mark.parametrize("words", ["--help", "validate --help", "release --help", "geo --help", "geo"])
def test_the_frame_of_help_is_in_french(run, words: str) -> None:
    code, said = run(words)
    assert code in ((0, None) if "--help" in words else (2,))
    assert commande.HELP in " ".join(said.split())
    assert [word for word in ENGLISH if word in said] == []


def test_a_misuse_is_told_in_english_to_who_asks_for_english(run) -> None:
    code, said = run("validate a b c --lang en")
    assert code == 2
    assert said.splitlines() == ["Got unexpected extra argument(s) (c)", "See 'observatoire validate --help'."]


INVALID = "schemas/feeds/plan_espaces_repos/invalid.csv"
OTHERS = {"fr": "« --page » de 1 à 3, ou « --limit {} »", "en": "--page from 1 to 3, or --limit {}"}


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("page", [1, 3, 9])
def test_the_options_that_show_the_other_errors_are_named(run, lang: str, page: int) -> None:
    code, printed = run(f"validate plan_espaces_repos {INVALID} --format json")
    total = json.loads(printed)["total_errors"]
    asked = f"validate plan_espaces_repos {INVALID} --lang {lang} --limit {-(-total // 3)}"
    code, said = run(f"{asked} --page {page}")
    assert code == 10
    assert OTHERS[lang].format(total) in said.splitlines()[-1]
    assert "--limit" not in run(f"{asked} --format json")[1]
    assert "--limit" not in run(f"validate plan_espaces_repos {INVALID} --lang {lang} --limit {total}")[1]


def test_a_sentence_nobody_knows_is_shown_as_it_is() -> None:
    assert commande.french("A sentence of tomorrow.") == "A sentence of tomorrow."
