"""Packs Debian's Python packages as wheels, and lists them as requirements.

    make_wheels.py DIRECTORY-OF-DEBS OUTPUT

A Debian package holds what `pip install` would have put on the disk: the modules, and the metadata in an `.egg-info`
or `.dist-info` directory. A wheel is a zip file of the same, with a list of hashes.
"""

import base64
import hashlib
import pathlib
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from email.parser import HeaderParser

FIXED_TIME = (2020, 1, 1, 0, 0, 0)


def main(debs, output):
    output.mkdir(parents=True, exist_ok=True)
    pins = []
    for deb in sorted(debs.glob("*.deb")):
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run(["dpkg-deb", "-x", deb, directory], check=True)
            for packages in pathlib.Path(directory).glob("usr/lib/python3*/dist-packages"):
                pins.append(pack(packages, output))
                print(f"{deb.name}: {pins[-1]}")
    head = ["--no-index", "--find-links /app/wheels"]
    (output / "requirements.txt").write_text("\n".join([*head, *pins, ""]))


def pack(packages, output):
    info = next(p for p in packages.iterdir() if p.suffix in (".egg-info", ".dist-info"))
    metadata = (info / ("PKG-INFO" if info.suffix == ".egg-info" else "METADATA")).read_text()
    headers = HeaderParser().parsestr(metadata)
    name, version = headers["Name"], headers["Version"]
    files = {
        str(path.relative_to(packages)): path.read_bytes()
        for path in sorted(packages.rglob("*"))
        if path.is_file() and info not in path.parents
    }
    native = any(path.endswith(".so") for path in files)
    tag = "py3-none-" + (sysconfig.get_platform().replace("-", "_").replace(".", "_") if native else "any")
    stem = f"{name.replace('-', '_')}-{version}"
    about = f"{stem}.dist-info"
    files[f"{about}/METADATA"] = metadata.encode()
    files[f"{about}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: make_wheels\nRoot-Is-Purelib: {str(not native).lower()}\nTag: {tag}\n"
    ).encode()
    record = [f"{path},sha256={digest(data)},{len(data)}" for path, data in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*record, f"{about}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(output / f"{stem}-{tag}.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            wheel.writestr(zipfile.ZipInfo(path, FIXED_TIME), data, zipfile.ZIP_DEFLATED)
    return f"{name}=={version}"


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
