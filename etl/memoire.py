"""How much memory the check of a file may take, whatever its size: a setting of the machine.

``OBSERVATOIRE_MEMOIRE`` bounds what DuckDB holds while a file is checked and its rows are typed; beyond it the engine
writes to the disk. The whole process takes some 600 MB more: the interpreter, and hashes of the keys.
"""

from __future__ import annotations

import os
import re

from schemas.errors import UsageError

VARIABLE = "OBSERVATOIRE_MEMOIRE"
DEFAULT = "1GB"
FORM = re.compile(r"\s*(\d+)\s*([MG])[oB]\s*")
LEAST_MB = 100


def memory_limit() -> str:
    """The bound as DuckDB writes it. Raises UsageError where the setting is no size, or one that is too small."""
    text = os.environ.get(VARIABLE) or DEFAULT
    found = FORM.fullmatch(text)
    megabytes = int(found[1]) * (1000 if found[2] == "G" else 1) if found else 0
    if megabytes < LEAST_MB:
        raise UsageError(
            f"{VARIABLE} : « {text} » n'est pas une quantité de mémoire d'au moins {LEAST_MB} Mo. "
            "Forme attendue : 1Go ou 500Mo."
        )
    return f"{megabytes}MB"
