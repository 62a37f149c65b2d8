"""The site behind gunicorn: several workers answer, every script included, and stop without a fuss."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from pathlib import Path
from dashboard.serve import serve
serve(Path(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), workers=2)
"""
OBSERVED = PROGRAM.replace("workers=2", "workers=2, settings=Settings(journal=True, metrics=True)").replace(
    "import serve", "import serve\nfrom dashboard.reglages import Settings"
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status, answer.read().decode("utf-8")


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            _read(url)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"no answer from {url}")


def _counted(url: str, wanted: int) -> float:
    """Answers of a page that were counted, once they are ``wanted``: each is counted after its reader has it."""
    deadline = time.monotonic() + 60
    while True:
        found = re.search(r'duree_secondes_count\{methode="GET",route="/fr/scenes",statut="200"\} (\S+)', _read(url)[1])
        counted = float(found[1]) if found else 0.0
        if counted >= wanted or time.monotonic() > deadline:
            return counted
        time.sleep(0.2)


def test_two_workers_serve_every_script_and_stop_cleanly(small_releases: Path, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{(port := _free_port())}"
    journal = tmp_path / "journal.txt"
    with journal.open("wb") as log:
        command = [sys.executable, "-c", PROGRAM, str(small_releases), str(port)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait(f"{url}/sante", process)
            page = _read(f"{url}/fr/scenes")[1]
            scripts = re.findall(r'<script src="([^"]+)"', page)
            # Several times over: each script is asked of both workers, whichever wrote the page.
            assert {_read(url + script)[0] for script in scripts for _ in range(3)} == {200}
            assert len(scripts) > 8
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=40)
    assert code == 0
    assert journal.read_text(encoding="utf-8") == ""


def test_workers_are_replaced_without_cutting_off_who_asks_again(small_releases: Path) -> None:
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(small_releases), str(port)], cwd=ROOT)
    try:
        _wait(f"http://127.0.0.1:{port}/sante", process)
        reader = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        assert _asked(reader) == (200, "keep-alive")
        kept = reader.sock
        process.send_signal(signal.SIGHUP)
        # Longer than gunicorn waits by itself for a question that may come.
        time.sleep(3)
        assert reader.sock is kept
        assert _asked(reader) == (200, "close")
        assert _asked(reader) == (200, "keep-alive")
    finally:
        process.send_signal(signal.SIGTERM)
        reader.close()
        assert process.wait(timeout=40) == 0


def _asked(reader: http.client.HTTPConnection) -> tuple[int, str | None]:
    """Status of an answer, and what it says becomes of the connection."""
    reader.request("GET", "/sante")
    answer = reader.getresponse()
    answer.read()
    return answer.status, answer.headers.get("Connection")


def test_answers_are_told_as_lines_and_counted_over_all_processes(small_releases: Path, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{(port := _free_port())}"
    lines, errors = tmp_path / "lignes.json", tmp_path / "erreurs.txt"
    with lines.open("wb") as out, errors.open("wb") as err:
        command = [sys.executable, "-c", OBSERVED, str(small_releases), str(port)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=err)
        try:
            _wait(f"{url}/pret", process)
            for _ in range(12):
                _read(f"{url}/fr/scenes?trimestre=2026-T3")
            counted = _counted(f"{url}/metrics", 12)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=40) == 0
    told = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    asked = [line for line in told if line["route"] == "/fr/scenes"]
    assert len(asked) == 12
    assert {(line["methode"], line["statut"], line["niveau"]) for line in asked} == {("GET", 200, "info")}
    assert all(line["octets"] > 1000 and line["duree_ms"] >= 0 and line["temps"].endswith("+00:00") for line in asked)
    assert "T3" not in lines.read_text(encoding="utf-8")
    assert counted == 12
    assert errors.read_text(encoding="utf-8") == ""


UNREADABLE = {
    "a sign that is no ASCII": (b"GET /fr/recherche?q=secret-cherch\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    "two lengths": (b"POST /secret HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "too long a line": (b"GET /fr/?q=" + b"secret" * 2000 + b" HTTP/1.1\r\nHost: h\r\n\r\n", 414),
    "too many headers": (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: secret\r\n" % n for n in range(70)) + b"\r\n", 431),
    "what cannot be met": (b"GET /secret HTTP/1.1\r\nHost: h\r\nExpect: secret\r\n\r\n", 417),
    "an unknown coding": (b"POST /secret HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: secret\r\n\r\n", 501),
}


def test_what_cannot_be_read_is_refused_and_nothing_of_it_is_written_down(small_releases: Path, tmp_path: Path) -> None:
    port, journal = _free_port(), tmp_path / "journal.txt"
    with journal.open("wb") as log:
        command = [sys.executable, "-c", OBSERVED, str(small_releases), str(port)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/sante", process)
            answers = {kind: _sent(port, request) for kind, (request, _) in UNREADABLE.items()}
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=40) == 0
    for kind, (_, status) in UNREADABLE.items():
        head, _, text = answers[kind].partition("\r\n\r\n")
        assert head.startswith(f"HTTP/1.1 {status} "), kind
        for said in ("X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none'", "text/plain"):
            assert said in head, kind
        assert text == "Cette demande n’a pas pu être lue.\nThis request could not be read.\n"
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    refused = [line["message"] for line in lines if line["niveau"] == "warning"]
    assert len(refused) == len(UNREADABLE)
    assert all(message.startswith("a request was refused: ") for message in refused)
    for private in ("127.0.0.1", "secret", "recherche"):
        assert private not in journal.read_text(encoding="utf-8")


def _sent(port: int, request: bytes) -> str:
    """All that comes back for some bytes, until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=40) as reader:
        reader.sendall(request)
        return b"".join(iter(lambda: reader.recv(65536), b"")).decode()
