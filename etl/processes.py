"""Processes that help another, and end with it."""

from __future__ import annotations

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """To be called first in a worker: it ends as soon as who started it does, even killed.

    Left alone, a worker of a pool whose parent was killed waits for ever for its next task, with all its memory.
    """
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
