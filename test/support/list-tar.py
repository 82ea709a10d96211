"""Lists tars of root file systems as JSON lines, sorted by path: an independent reading of what was built.

Usage: list-tar.py < REQUESTS. A request is a line: an archive, behind `times ` or `plain `. Each line of the answer: path,
type, mode, owner, size, content digest, link, device, xattrs, and, when asked for, the modification time in whole seconds.
A hard link is shown as the file it names, with the sorted list of all names of that file. An answer ends with an empty
line; where the archive cannot be read, with a line that is the reason as a JSON string and then an empty one.
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


def clean(name):
    name = "/" + name
    while "//" in name or "/./" in name:
        name = name.replace("//", "/").replace("/./", "/")
    return name.rstrip("/").removesuffix("/.") or "/"


def read(path, times):
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
            if times:
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


for request in sys.stdin:
    kind, path = request.rstrip("\n").split(" ", 1)
    try:
        answer = [json.dumps(line, sort_keys=True) for _, line in sorted(read(path, kind == "times").items())]
    except (OSError, tarfile.TarError, KeyError, UnicodeError) as error:
        answer = [json.dumps(repr(error))]
    print(*answer, "", sep="\n", flush=True)
