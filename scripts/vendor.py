"""Fetches the chart libraries that the admin brings along: `python scripts/vendor.py` (needs npm and the network).

Versions and sums are pinned below. `--check` only compares what lies in the package with the pins, without network.
To renew one: put in the new version and the sum that `npm view NAME@VERSION dist.integrity` gives, run it, and put in
the sums of files that it prints.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FOLDER", "LIBRARIES", "Library", "faults"]

FOLDER = Path(__file__).resolve().parent.parent / "django_microseg/static/django_microseg/vendor"

# A map that is not shipped breaks `collectstatic` where the shop's storage puts a hash into each file's name.
_SOURCE_MAP = re.compile(rb"(?m)^//# sourceMappingURL=.*\n?")


@dataclass(frozen=True, slots=True)
class Library:
    """``integrity`` is npm's sum of the whole archive; ``files`` maps our name to (theirs, SHA-256 of ours)."""

    name: str
    version: str
    integrity: str
    files: Mapping[str, tuple[str, str]]


LIBRARIES: Sequence[Library] = (
    Library(
        "chart.js",
        "4.6.1",
        "sha512-hJyniucsFmq//EvXYvJ6c6mahPoI3kaxdjVH8awTaJ/fDNWeSqqqArixMJWkWNN6fcYvPU3HneSANFNYtRi61g==",
        {
            "chart.js": (
                "dist/chart.umd.min.js",
                "c17f2ce49fb9c71ef7fb39c03f868804ac5ab34730149976eebe6b7f807bef0c",
            ),
            "chart.LICENSE.txt": (
                "LICENSE.md",
                "41a84aa2caba645f966a18d9c2056b73e6d3a81d80bc0046bc0011a2634d4cce",
            ),
        },
    ),
    Library(
        "chartjs-chart-matrix",
        "3.1.0",
        "sha512-pdo8DnhFXOisjbLDgfkzZH1w0xmjGqiaAMgkQSHCEMzxQENsXTgkXImIyweDiO7SqlE5PuzjhklyBCiorQhRmw==",
        {
            "chart-matrix.js": (
                "dist/chartjs-chart-matrix.min.js",
                "2e17b70de6f0c0b270eb950a21641f80f74d5aa78326f0dafa09668aa8995d0c",
            ),
            "chart-matrix.LICENSE.txt": (
                "LICENSE",
                "7b6c618678f9e1269ac981159fd4892cf98f113366411e6a9323fad606944289",
            ),
        },
    ),
    Library(
        "chartjs-chart-sankey",
        "0.19.1",
        "sha512-X87xs4ZpvWVre9/mqtjIXwFPoDcv1okaqolWckoPObxB0vwNdv12ISAtJS1Se4xl64o60jDkqEzQjsU6KcK2Dg==",
        {
            "chart-sankey.js": (
                "dist/chartjs-chart-sankey.min.js",
                "a97a4163961809013892d2951b030cf5a21c2112ff43ed2202a2849088ba5bcd",
            ),
            "chart-sankey.LICENSE.txt": (
                "LICENSE",
                "ae188d16ca923c40dacd684ff3ebce80bae891d106abcbff3436dcafe46f9d72",
            ),
        },
    ),
)


def faults(folder: Path = FOLDER, libraries: Sequence[Library] = LIBRARIES) -> list[str]:
    """What lies in the folder and should not, lacks, or is not what was pinned."""
    pinned = {name: (library, sum_) for library in libraries for name, (_, sum_) in library.files.items()}
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    wrong = [f"{name} is not pinned" for name in sorted(found.keys() - pinned.keys())]
    for name, (library, expected) in pinned.items():
        if name not in found:
            wrong.append(f"{name} of {library.name} is not there")
        elif _sha256(found[name]) != expected:
            wrong.append(f"{name} is not that of {library.name} {library.version}: {_sha256(found[name])}")
    return wrong


def _fetch(library: Library, scratch: Path) -> dict[str, bytes]:
    """The files of one library, out of an archive whose sum is right."""
    wanted = f"{library.name}@{library.version}"
    subprocess.run(["npm", "pack", "--silent", "--pack-destination", str(scratch), wanted], check=True)
    archive = scratch / f"{library.name}-{library.version}.tgz"
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != library.integrity:
        sys.exit(f"{wanted} is not what was pinned: {found}. Nothing was written.")
    with tarfile.open(archive) as opened:
        return {ours: _member(opened, theirs) for ours, (theirs, _) in library.files.items()}


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/{name}")
    assert file is not None, name
    return _SOURCE_MAP.sub(b"", file.read())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where files and pins differ")
    if not parser.parse_args().check:
        with tempfile.TemporaryDirectory() as scratch:
            fetched = [_fetch(library, Path(scratch)) for library in LIBRARIES]
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, content in (each for files in fetched for each in files.items()):
            (FOLDER / name).write_bytes(content)
    wrong = faults()
    print("\n".join(wrong) or f"{len(LIBRARIES)} libraries are as pinned.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
