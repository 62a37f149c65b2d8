"""The door to validation: a file against its contract, every broken cell reported, nothing left behind.

``check`` never raises for what is in the file: whatever the bytes, it answers with a report. It raises UsageError where
there is no such file or it may not be read, and ContractBroken where the contract itself cannot be followed.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from etl.memoire import memory_limit
from etl.validation.messages import describe
from etl.validation.report import Report, Violation
from etl.validation.table import Job, Outcome, examine
from schemas.contract import Contract
from schemas.errors import UsageError

__all__ = ["LIMIT", "Report", "Violation", "check", "check_readable"]

LIMIT = 100_000  # errors in one page of a report, unless asked otherwise
DRAFT = ".observatoire-"


def check(
    path: Path,
    contract: Contract,
    *,
    references: Path = Path("data/reference"),
    lang: str = "fr",
    today: date | None = None,
    limit: int | None = LIMIT,
    offset: int = 0,
    parquet: Path | None = None,
    threads: int | None = None,
) -> Report:
    """Check a feed file against a contract. A table of another kind is valid without rows, a feed is not.

    ``references`` is the folder of reference tables; ``today`` is the date rules call today (the machine's by default);
    ``limit`` and ``offset`` page the errors; ``parquet`` is where the typed rows go if the file is valid (replaced in
    one step). What the memory allowed (``etl.memoire``) does not hold goes to a folder beside ``parquet``, or to the
    machine's own for temporary files where no row is to be kept. Raises UsageError, ContractBroken.
    """
    path = Path(path)
    check_readable(path)
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=parquet.parent if parquet else None) as name:
        folder = Path(name).resolve()
        outcome = examine(
            Job(
                path.resolve(),
                contract,
                references,
                today or date.today(),
                folder,
                limit,
                offset,
                memory_limit(),
                threads,
                write=parquet is not None,
            )
        )
        if parquet and outcome.parquet:
            outcome.parquet.replace(parquet)
    return _report(path, contract, outcome, lang=lang, offset=offset, limit=limit)


def check_readable(path: Path) -> None:
    """Raises UsageError, saying why and what to do, where there is no file to read."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        name = str(path).encode(errors="replace").decode()
        raise UsageError(
            f"{name} : le nom de ce fichier n'est pas écrit en UTF-8. Renommez-le, puis recommencez."
        ) from error
    try:
        if path.is_dir():
            raise UsageError(f"{path} : c'est un dossier, pas un fichier. Donnez le chemin d'un fichier de ce dossier.")
        if not path.exists():
            raise UsageError(f"{path} : ce fichier n'existe pas. Vérifiez le chemin.")
        if not path.is_file():
            raise UsageError(
                f"{path} : ce n'est pas un fichier, mais un périphérique ou un tube. Enregistrez le tableau dans un"
                " fichier et donnez son chemin."
            )
        with path.open("rb") as file:
            file.read(1)
    except PermissionError as error:
        raise UsageError(
            f"{path} : vous n'avez pas le droit de lire ce fichier. Demandez ce droit, ou copiez le fichier ailleurs."
        ) from error
    except OSError as error:
        raise UsageError(
            f"{path} : ce fichier ne peut pas être lu ({error.strerror}). Copiez-le sur un autre disque et recommencez."
        ) from error


def _report(path: Path, contract: Contract, outcome: Outcome, *, lang: str, offset: int, limit: int | None) -> Report:
    return Report(
        valid=not outcome.total,
        feed=contract.name,
        file=path.name,
        rows=outcome.rows,
        dialect=outcome.dialect,
        encoding=outcome.encoding,
        errors=tuple(_violations(contract, outcome, lang)),
        total_errors=outcome.total,
        offset=offset,
        limit=limit,
        lang=lang,
    )


def _violations(contract: Contract, outcome: Outcome, lang: str) -> list[Violation]:
    described = [
        (finding, describe(finding, contract, outcome.columns, outcome.dialect)) for finding in outcome.findings
    ]
    return [
        Violation(found.row, found.check.field, found.check.type, found.check.rule, found.value, text[lang], text)
        for found, text in described
    ]
