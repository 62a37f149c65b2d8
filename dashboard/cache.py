"""Results kept by (release version, what was asked): a release never changes, so a result is right for ever.

The cache belongs to one app, is bounded, and may be read by several threads at once.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")
# A result may be None.
MISSING: Any = object()
SHARE = 16


class Turns:
    """A lock for each key, as long as someone holds it: who comes second waits, then finds what the first made."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, Any] = WeakValueDictionary()
        self._lock = threading.Lock()

    def of(self, key: Hashable) -> Any:
        """The lock of that key. The thread that holds it may take it again."""
        with self._lock:
            return self._locks.setdefault(key, threading.RLock())


class Cache:
    """Results used least recently leave first: ``room`` bounds how many are kept, or what they ``weigh`` together.

    One that weighs more than a share of the room would push out all others: it is not kept.
    """

    def __init__(self, room: int = 512, weigh: Callable[[Any], int] = lambda _: 1) -> None:
        self._room, self._weigh, self._held = room, weigh, 0
        self._largest = max(1, room // SHARE)
        self._results: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._turns = Turns()

    def peek(self, key: Hashable, otherwise: Any = None) -> Any:
        """The result kept under that key, ``otherwise`` if there is none."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key, otherwise)

    def put(self, key: Hashable, result: Any) -> None:
        """Keep a result; those that were asked for least recently leave where there is no more room."""
        with self._lock:
            if key in self._results:
                self._held -= self._weigh(self._results.pop(key))
            if self._weigh(result) > self._largest:
                return
            self._results[key] = result
            self._held += self._weigh(result)
            while self._held > self._room:
                self._held -= self._weigh(self._results.popitem(last=False)[1])

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The result kept under that key, computed if absent: once, however many threads ask for it meanwhile."""
        found: T = self.peek(key, MISSING)
        if found is not MISSING:
            return found
        with self._turns.of(key):
            found = self.peek(key, MISSING)
            if found is MISSING:
                found = compute()
                self.put(key, found)
            return found
