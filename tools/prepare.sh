#!/usr/bin/env bash
# Prepare what a command needs: `venv` (the locked Python environment), `chromium` (for the browser tests), `java` (for the
# validator of HTML), `nginx` (for the benchmark of files), `rivals` (what the benchmarks compare with) or `hasard` (what
# guides the long run of bad input).
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf '\n%s\n' "$@" >&2; exit 1; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
  echo "Installing $* with apt…"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

find_python() {
  local candidate
  for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed and was not found." "On Debian or Ubuntu: apt-get install python3 python3-venv"
}

venv() {
  local python
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    can_apt || fail "The Python module venv is missing." "On Debian or Ubuntu, as root: apt-get install python3-venv"
    apt_install python3-venv
  fi
  echo "Creating .venv from requirements.lock (a minute or two)…"
  "$python" -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
  cat requirements.lock pyproject.toml | sha256sum > .venv/prepared
}

chromium() {
  [ -n "$(type -P chromium chromium-browser google-chrome)" ] && return  # -P: this function is no chromium
  can_apt || fail "Chromium is needed for the browser tests and was not found." \
    "On Debian or Ubuntu, as root: apt-get install chromium"
  apt_install chromium
}

java() {
  type -P java >/dev/null && return
  can_apt || fail "Java is needed to validate HTML and was not found." \
    "On Debian or Ubuntu, as root: apt-get install default-jre-headless"
  apt_install default-jre-headless
}

nginx() {
  [ -n "$(PATH=$PATH:/usr/sbin type -P nginx)" ] && return
  can_apt || fail "nginx is needed for the benchmark of files and was not found." \
    "On Debian or Ubuntu, as root: apt-get install nginx-light"
  apt_install nginx-light
}

rivals() {
  local lock=tests/bench/rivals/requirements.lock
  [ "$(cat .venv-rivals/prepared 2>/dev/null)" = "$(sha256sum < $lock)" ] && return
  echo "Creating .venv-rivals from $lock (a minute or two)…"
  "$(find_python)" -m venv --clear .venv-rivals
  .venv-rivals/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $lock
  sha256sum < $lock > .venv-rivals/prepared
}

hasard() {
  local lock=tests/fuzz/requirements.lock
  [ "$(cat .hasard/prepared 2>/dev/null)" = "$(sha256sum < $lock)" ] && return
  echo "Installing $lock into .hasard…"
  rm -rf .hasard
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    --target .hasard -r $lock ||
    fail "atheris has wheels for Python 3.11 to 3.13 on Linux (x86_64) only: the long run needs one of these." \
      "The short one, in the tests, needs nothing."
  sha256sum < $lock > .hasard/prepared
}

case "${1:-}" in
  venv) [ "$(cat .venv/prepared 2>/dev/null)" = "$(cat requirements.lock pyproject.toml | sha256sum)" ] || venv ;;
  chromium) chromium ;;
  java) java ;;
  nginx) nginx ;;
  rivals) rivals ;;
  hasard) hasard ;;
  *) fail "usage: tools/prepare.sh venv|chromium|java|nginx|rivals|hasard" ;;
esac
