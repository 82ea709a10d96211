"""Writes a tar archive of everything a file system can hold that builders stumble over, below `odd/`.

Usage: odd-tree.py ARCHIVE [--devices]. The names are bytes: some are no UTF-8, some hold newlines, quotes, globs.
"""
import io
import struct
import sys
import tarfile

NAMES = [
    b"plain", b"with space", b"new\nline", b"tab\tand\rreturn", b"quote'and\"double", b"back\\slash", b"$dollar `tick`",
    b"*", b"?[a]", b"-dash", b"#hash", b"\xff\xfe not utf-8", b"\xed\xa0\x80 surrogate", "größe ☃ 𝒳".encode(),
    "e\u0301".encode(), "\u00e9".encode(), b".hidden", b"...", b"wh.not-a-whiteout", b"trailing ", b" leading",
    b"colon:comma,equals=", b"x" * 255, b"\x01\x1b[31mred", b"CON", b"a" * 99, b"b" * 100, b"c" * 101,
]
CAPABILITY = struct.pack("<IIIII", 0x02000001, 1 << 10, 0, 0, 0)  # cap_net_bind_service=ep

with tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT, encoding="utf-8", errors="surrogateescape") as archive:

    def add(name, kind=tarfile.REGTYPE, content=b"", **fields):
        entry = tarfile.TarInfo("odd/" + name)
        entry.type, entry.size, entry.mtime = kind, len(content), 1600000000
        entry.mode = 0o755 if kind == tarfile.DIRTYPE else 0o644
        for key, value in fields.items():
            setattr(entry, key, value)
        archive.addfile(entry, io.BytesIO(content))

    for name in NAMES:
        add(name.decode("utf-8", "surrogateescape"), content=name)
    add("directory with\nnewline", tarfile.DIRTYPE, mode=0o711)
    add("directory with\nnewline/inside", content=b"x")
    add("no-mode", mode=0, content=b"secret")
    add("setuid", mode=0o4755, content=b"u")
    add("setgid", mode=0o2755, content=b"g")
    add("sticky", tarfile.DIRTYPE, mode=0o1777)
    add("setgid-directory", tarfile.DIRTYPE, mode=0o2775, gid=50)
    add("empty-directory", tarfile.DIRTYPE, mode=0o700)
    add("owned", uid=1000, gid=2000, content=b"o")
    add("owned-high", uid=65533, gid=60000, content=b"o")
    add("fifo", tarfile.FIFOTYPE, mode=0o600)
    add("hard-b", content=b"several names")
    add("hard-a", tarfile.LNKTYPE, linkname="odd/hard-b")
    add("sticky/hard-c", tarfile.LNKTYPE, linkname="odd/hard-b")
    add("symlink", tarfile.SYMTYPE, linkname="plain")
    add("dangling", tarfile.SYMTYPE, linkname="nowhere/at all")
    add("absolute", tarfile.SYMTYPE, linkname="/odd/plain")
    add("loop", tarfile.SYMTYPE, linkname="loop")
    add("long-target", tarfile.SYMTYPE, linkname="t/" * 1000 + "end")
    add("user-attribute", content=b"a", pax_headers={"SCHILY.xattr.user.note": "a value\n"})
    add("capability", mode=0o755, content=b"c",
        pax_headers={"SCHILY.xattr.security.capability": CAPABILITY.decode("utf-8", "surrogateescape")})
    add("old", mtime=0, content=b"1970")
    add("new", mtime=4102444800, content=b"2100")
    add("fraction", mtime=1600000000.123456789, content=b"f")
    add("large", content=bytes(range(256)) * 20000)
    if "--devices" in sys.argv:
        add("null", tarfile.CHRTYPE, mode=0o666, devmajor=1, devminor=3)
        add("block", tarfile.BLKTYPE, mode=0o660, devmajor=7, devminor=200, gid=6)
