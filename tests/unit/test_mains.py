"""Who has answers made: nobody's questions keep others waiting, and what waits is answered in the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fixtures_release import VERSION
from werkzeug.test import Client, TestResponse

from dashboard import mains
from dashboard.app import create_app
from dashboard.demandes import client
from dashboard.mains import AT_ONCE, EACH, WAITING, Busy, Hands
from dashboard.page import Page

READER, OTHER = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def held() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def take(hands: Hands, held: ExitStack, address: str, count: int = 1) -> None:
    for _ in range(count):
        held.enter_context(hands.making(address))


class Waiting(threading.Thread):
    """A thread that asks for a hand, and tells when it had it."""

    def __init__(self, hands: Hands, address: str) -> None:
        super().__init__(daemon=True)
        self._hands, self._address = hands, address
        self.had, self.refused = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            with self._hands.making(self._address):
                self.had.set()
        except Busy:
            self.refused.set()


def queue(hands: Hands, address: str, count: int) -> list[Waiting]:
    """Threads that wait for a hand, once they all do."""
    threads = [Waiting(hands, address) for _ in range(count)]
    for thread in threads:
        thread.start()
    while waiting(hands, address) < count:
        time.sleep(0.01)
    return threads


def waiting(hands: Hands, address: str) -> int:
    return hands._waiting[client(address)]


def test_one_client_never_takes_every_hand(hands: Hands, held: ExitStack) -> None:
    take(hands, held, READER, EACH)
    (queued,) = queue(hands, READER, 1)
    take(hands, held, OTHER, AT_ONCE - EACH)
    assert not queued.had.is_set()


def test_who_waits_has_its_turn_when_an_answer_is_made(hands: Hands, held: ExitStack) -> None:
    take(hands, held, READER, EACH)
    queued = queue(hands, READER, WAITING)
    held.close()
    assert all(one.had.wait(20) for one in queued)
    assert waiting(hands, READER) == 0


def test_who_waits_for_too_many_answers_is_told_to_come_back(hands: Hands, held: ExitStack) -> None:
    take(hands, held, READER, EACH)
    queue(hands, READER, WAITING)
    with pytest.raises(Busy), hands.making(READER):
        pass
    # Another client, and this machine, are not concerned.
    take(hands, held, OTHER)
    take(hands, held, "127.0.0.1")


def test_this_machine_waits_for_its_turn_and_is_never_refused(hands: Hands, held: ExitStack) -> None:
    take(hands, held, "::1", AT_ONCE)
    queued = queue(hands, "127.0.0.1", WAITING + 2)
    held.close()
    assert all(one.had.wait(20) for one in queued)


def test_who_waits_too_long_is_told_so(hands: Hands, held: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mains, "PATIENCE", 0.01)
    take(hands, held, READER, EACH)
    with pytest.raises(Busy), hands.making(READER):
        pass
    assert waiting(hands, READER) == 0


def test_a_failure_gives_the_hand_back(hands: Hands) -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), hands.making(READER):
            1 / 0  # noqa: B018


def ask(asker: Client, path: str, address: str) -> TestResponse:
    return asker.get(path, environ_overrides={"REMOTE_ADDR": address}, buffered=True)


def test_the_site_answers_others_while_one_client_keeps_it_busy(
    small_releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mains, "WAITING", 0)
    site = create_app(small_releases).server
    let, begun = threading.Event(), threading.Semaphore(0)
    first_view = Page.first_view

    def slow(page: Page, context):
        if context.filters.q:
            begun.release()
            assert let.wait(60)
        return first_view(page, context)

    monkeypatch.setattr(Page, "first_view", slow)
    found: list[int] = []
    busy = [
        threading.Thread(
            target=lambda n=n: found.append(ask(site.test_client(), f"/fr/scenes?q={n}", READER).status_code)
        )
        for n in range(EACH)
    ]
    for thread in busy:
        thread.start()
    for _ in busy:
        assert begun.acquire(timeout=60)
    asker = site.test_client()
    try:
        page = ask(asker, "/en/scenes?q=3", READER)
        assert (page.status_code, page.headers["Retry-After"]) == (429, "1")
        extract = ask(asker, f"/extrait/{VERSION}.csv?indicateur=caarud_pipes", READER)
        assert (extract.status_code, extract.mimetype) == (429, "text/plain")
        problem = ask(asker, "/api/v1/observations?taille=1", READER)
        assert (problem.status_code, problem.get_json()["type"]) == (429, "/fr/api#trop-de-demandes")
        assert ask(asker, "/assets/site.js", READER).status_code == 200
        for path in ("/fr/caarud", "/api/v1/observations?taille=1"):
            assert ask(asker, path, OTHER).status_code == 200
            # Made for another, so kept: it costs nothing.
            assert ask(asker, path, READER).status_code == 200
    finally:
        let.set()
        for thread in busy:
            thread.join(60)
    assert found == [200] * EACH
    assert ask(asker, "/en/scenes?q=3", READER).status_code == 200
