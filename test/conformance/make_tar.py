"""Writes the tar archives that the context.sh of cases are made with."""
import io
import tarfile

TYPES = {
    "file": tarfile.REGTYPE,
    "link": tarfile.SYMTYPE,
    "hard": tarfile.LNKTYPE,
    "dir": tarfile.DIRTYPE,
    "char": tarfile.CHRTYPE,
    "block": tarfile.BLKTYPE,
    "fifo": tarfile.FIFOTYPE,
}


def make(name, *entries):
    """Entries are (path, type, content or target of a link[, attributes of TarInfo])."""
    with tarfile.open(name, "w") as tar:
        for path, kind, value, *more in entries:
            info = tarfile.TarInfo(path)
            info.type = TYPES[kind]
            info.mode = 0o755 if kind == "dir" else 0o644
            info.mtime = 1500000000
            data = b""
            if kind == "file":
                data = value.encode()
                info.size = len(data)
            elif kind in ("link", "hard"):
                info.linkname = value
            for key, attribute in (more[0] if more else {}).items():
                setattr(info, key, attribute)
            tar.addfile(info, io.BytesIO(data))
