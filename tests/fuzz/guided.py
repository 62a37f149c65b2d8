"""One target guided by atheris: ``python -m tests.fuzz.guided TARGET SECONDS FOLDER``, started by ``tests.fuzz``.

A failure does not end the run: its bytes are kept, once for each kind, and the next ones are tried.
"""

from __future__ import annotations

import hashlib
import re
import sys
import time
import traceback
from pathlib import Path

import atheris

FOUND = Path(__file__).resolve().parent / "trouvailles"
LONGEST, SLOWEST, MEMORY_MB = 600, 300, 4096
EVERY = 1.0  # seconds between two counts written


class Run:
    """The target as atheris calls it."""

    def __init__(self, name: str, folder: Path) -> None:
        from tests.fuzz.targets import TARGETS

        self.name, self.target, self.folder = name, TARGETS[name], folder
        self.executions, self.written, self.kinds = 0, 0.0, set[str]()

    def once(self, data: bytes) -> None:
        """Try some bytes, and keep them where they make the target fail."""
        self.executions += 1
        if time.monotonic() - self.written > EVERY:
            (self.folder / "count").write_text(str(self.executions))
            self.written = time.monotonic()
        try:
            self.target(data)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of Rust is not an Exception
            self._keep(data, error)

    def _keep(self, data: bytes, error: BaseException) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} {frame.filename}:{frame.lineno} {re.sub('[0-9]+', '#', str(error))[:40]}"
        name = f"{self.name}-{hashlib.sha256(kind.encode()).hexdigest()[:12]}"
        if kind not in self.kinds and not (FOUND / name).exists():
            (FOUND / name).write_bytes(data)
            (FOUND / f"{name}.txt").write_text(
                "".join(traceback.format_exception(error)), encoding="utf-8", errors="replace"
            )
        self.kinds.add(kind)


def main(name: str, seconds: str, folder: str) -> None:
    """Guide the target for that long; the process ends there."""
    with atheris.instrument_imports(include=["etl", "schemas", "dashboard", "publish"]):
        from tests.fuzz.targets import seeds
    corpus = Path(folder) / "corpus"
    if not corpus.exists():
        corpus.mkdir()
        for place, data in enumerate(seeds()):
            (corpus / f"{place:03}").write_bytes(data)
    run = Run(name, Path(folder))
    run.once(b"")
    limits = (
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST}",
        f"-report_slow_units={SLOWEST}",
        f"-rss_limit_mb={MEMORY_MB}",
    )
    atheris.Setup([sys.argv[0], str(corpus), *limits, f"-artifact_prefix={FOUND}/{name}-", "-verbosity=0"], run.once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
