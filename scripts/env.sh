#!/bin/sh
# Builds the environment in which the demo and the tests run: env.sh FOLDER PYTHON.
# uv does it where it is installed and can; otherwise venv and pip, which is renewed first because groups need pip 25.1.
set -eu

venv=$1
python=$2
extras=all
group=dev

"$python" - <<'CHECK'
import sys

if sys.version_info < (3, 11):
    sys.exit(f"Python {sys.version.split()[0]} is too old: install 3.11 or newer, or name one with PYTHON=...")
CHECK

with_uv() {
    [ -x "$venv/bin/python" ] || uv venv --quiet --python "$python" "$venv"
    uv pip install --quiet --python "$venv/bin/python" --editable ".[$extras]" --group "$group"
}

with_pip() {
    if ! [ -x "$venv/bin/python" ]; then
        "$python" -m venv "$venv" || {
            echo "python -m venv failed: install your system's python3-venv package, or uv." >&2
            exit 1
        }
    fi
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip --upgrade >/dev/null
    "$venv/bin/python" -m pip install --quiet --upgrade "pip>=25.1"
    "$venv/bin/python" -m pip install --quiet --editable ".[$extras]" --group "$group"
}

started=$(date +%s)
if command -v uv >/dev/null 2>&1; then
    echo "Installing into $venv with uv ..."
    with_uv || {
        echo "uv could not; trying pip ..." >&2
        with_pip
    }
else
    echo "Installing into $venv with pip; this takes a few minutes the first time ..."
    with_pip
fi
echo "Installed in $(($(date +%s) - started)) s."
