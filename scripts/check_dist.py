"""Says what a built wheel and a source archive lack: `check_dist.py FOLDER`, after `python -m build`."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "django_microseg"
NOT_SHIPPED = {".pyc", ".pyo"}


def main(folder: Path) -> int:
    wheel, archive = next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))
    lacking = [f"{wheel.name} lacks {path}" for path in sorted(_files(PACKAGE) - _in_wheel(wheel))]
    sources = _files(PACKAGE) | _files("tests") | _files("example_shop") | {"LICENSE", "README.md"}
    lacking += [f"{archive.name} lacks {path}" for path in sorted(sources - _in_archive(archive))]
    if f"{PACKAGE}/py.typed" not in _in_wheel(wheel):
        lacking.append(f"{wheel.name} lacks {PACKAGE}/py.typed")
    print("\n".join(lacking) or f"{wheel.name} and {archive.name} are complete.")
    return int(bool(lacking))


def _files(folder: str) -> set[str]:
    """Every file of a folder of ours: code, templates, static files, messages."""
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT)) for path in paths if path.suffix not in NOT_SHIPPED}


def _in_wheel(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as wheel:
        return set(wheel.namelist())


def _in_archive(path: Path) -> set[str]:
    with tarfile.open(path) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
