"""What the disk or the system refuses, told as an error that an operator can mend.

A full disk, a folder that may not be written, a file that no longer reads: they may strike any line of the programs, so
they are told in one place, at the front door. Whatever is written is written beside its place and takes it in one step,
so nothing was changed by what was refused.
"""

from __future__ import annotations

import errno
import os
import re

from schemas.errors import DiskRefused

FULL = "le disque est plein, ou le fichier plus grand qu'il n'est permis. Faites de la place, puis recommencez."
PLACE = "un fichier est là où il faut un dossier, ou un dossier à la place d'un fichier. Donnez un autre chemin."
CLOSED = "il est interdit d'y écrire ou de le lire. Rendez ce dossier à l'utilisateur qui lance la commande."
MENDS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: "ce disque est en lecture seule. Rendez-le inscriptible, ou donnez un autre dossier à --data.",
    errno.EACCES: CLOSED,
    errno.EPERM: CLOSED,
    errno.ENOTDIR: PLACE,
    errno.EEXIST: PLACE,
    errno.EISDIR: PLACE,
    errno.ENAMETOOLONG: "ce nom est plus long que ce disque n'en permet. Donnez un autre chemin.",
    errno.ELOOP: "ce lien ne mène qu'à lui-même. Rétablissez-le, ou donnez un autre chemin.",
    errno.EIO: "le disque ne répond plus. Changez-le, et remettez la copie sauvegardée.",
    errno.EMFILE: "trop de fichiers sont ouverts. Relevez la limite (ulimit -n), puis recommencez.",
    errno.ENFILE: "trop de fichiers sont ouverts sur cette machine. Attendez, puis recommencez.",
}
DAMAGED = (
    "L'entrepôt est abîmé. Supprimez warehouse.duckdb du dossier des données, puis « observatoire build » le refait "
    "en entier depuis ce qui a été reçu."
)
SHORT = (
    "la mémoire permise ne suffit pas. Donnez-en plus (OBSERVATOIRE_MEMOIRE pour le contrôle d'un fichier), ou fermez "
    "d'autres programmes, puis recommencez."
)
DAMAGE = (
    "Corrupt database file",
    "not a valid DuckDB database",
    "does not match stored checksum",
    "Could not read enough bytes from file",
)
QUOTED = re.compile(r"[\"'](/[^\"']+)[\"']")


def refused(error: BaseException) -> DiskRefused | None:
    """What to tell of an error of the system or of DuckDB; None where it is neither, that is, a bug of ours."""
    if isinstance(error, OSError):
        mend = MENDS.get(error.errno or 0)
        return _told(str(error.filename or ""), mend, error) if mend else None
    if type(error).__module__ not in ("duckdb", "_duckdb"):
        return None
    said = str(error)
    if any(mark in said for mark in DAMAGE):
        return _told("", DAMAGED, error)
    if type(error).__name__ == "OutOfMemoryException":
        return _told("", SHORT, error)
    named = QUOTED.search(said)
    found = next((mend for code, mend in MENDS.items() if os.strerror(code) in said), None)
    return _told(named[1] if named else "", found, error) if found else None


def _told(path: str, mend: str, error: BaseException) -> DiskRefused:
    where = f"{path} : " if path else ""
    reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error).splitlines()[0]
    return DiskRefused(f"{where}{mend}\nRien n'a été changé. Ce que dit le système : {reason}.")
