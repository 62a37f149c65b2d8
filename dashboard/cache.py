"""Results kept by (release version, what was asked): a release never changes, so a result is right for ever.

The cache belongs to one app, is bounded, and may be read by several threads at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Cache:
    """Least-recently-used results. ``size`` is the number of results kept."""

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def peek(self, key: Hashable) -> Any:
        """The result kept under that key; None if there is none."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The result kept under that key, computed if absent. Two threads may compute the same one; either is right."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                found: T = self._results[key]
                return found
        result = compute()
        with self._lock:
            self._results[key] = result
            while len(self._results) > self._size:
                self._results.popitem(last=False)
        return result
