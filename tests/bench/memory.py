"""What a process held at most."""

from __future__ import annotations

import re
from pathlib import Path


def peak_gib() -> float:
    """Peak resident memory of this process, in GiB (Linux).

    ``getrusage`` would count what its parent held when it was started.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 2**20
