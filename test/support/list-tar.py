"""Lists a tar of a root file system as JSON lines, sorted by path: an independent reading of what was built.

Usage: list-tar.py ARCHIVE [--times]. Each line: path, type, mode, owner, size, content digest, link, device, xattrs,
and, when asked for, the modification time in whole seconds. A hard link is shown as the file it names, with the sorted
list of all names of that file.
"""
import base64
import hashlib
import json
import sys
import tarfile

TYPES = {
    tarfile.REGTYPE: "file", tarfile.AREGTYPE: "file", tarfile.DIRTYPE: "dir", tarfile.SYMTYPE: "symlink",
    tarfile.LNKTYPE: "link", tarfile.CHRTYPE: "char", tarfile.BLKTYPE: "block", tarfile.FIFOTYPE: "fifo",
}

TIMES = "--times" in sys.argv[2:]


def clean(name):
    name = "/" + name
    while "//" in name or "/./" in name:
        name = name.replace("//", "/").replace("/./", "/")
    return name.rstrip("/").removesuffix("/.") or "/"


def read(path):
    entries, groups = {}, {}
    with tarfile.open(path, errors="surrogateescape") as archive:
        for member in archive:
            name, kind = clean(member.name), TYPES.get(member.type, str(member.type))
            if kind == "link":
                target = groups.get(clean(member.linkname), clean(member.linkname))
                groups[name] = target
                entries[name] = dict(entries[target], path=name)
                continue
            entry = {"path": name, "type": kind, "mode": oct(member.mode & 0o7777), "uid": member.uid, "gid": member.gid}
            if kind == "file":
                digest = hashlib.sha256()
                source = archive.extractfile(member)
                while chunk := source.read(1 << 20):
                    digest.update(chunk)
                entry["size"], entry["sha256"] = member.size, digest.hexdigest()
            if TIMES:
                entry["mtime"] = int(member.mtime)
            if kind == "symlink":
                entry["link"] = member.linkname
            if kind in ("char", "block"):
                entry["device"] = [member.devmajor, member.devminor]
            xattrs = {
                key.removeprefix("SCHILY.xattr."): base64.b64encode(value.encode("utf-8", "surrogateescape")).decode()
                for key, value in member.pax_headers.items()
                if key.startswith("SCHILY.xattr.")
            }
            if xattrs:
                entry["xattrs"] = xattrs
            entries[name] = entry
            groups[name] = name
    names = {}
    for name, group in groups.items():
        names.setdefault(group, []).append(name)
    for name, entry in entries.items():
        family = names.get(groups.get(name, name), [name])
        if entry["type"] == "file" and len(family) > 1:
            entry["names"] = sorted(family)
    return entries


for _, line in sorted(read(sys.argv[1]).items()):
    print(json.dumps(line, sort_keys=True))
