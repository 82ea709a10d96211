mkdir -p state/usr/lib state/real state/sub; ln -s usr/lib state/lib; ln -s /real state/out; ln -s ../real state/sub/up

python3 - <<'END'
import io, tarfile
def make(name, *entries):
    with tarfile.open(name, 'w') as tar:
        for path, kind, value, *more in entries:
            info = tarfile.TarInfo(path)
            info.type = {'file': tarfile.REGTYPE, 'link': tarfile.SYMTYPE, 'hard': tarfile.LNKTYPE, 'dir': tarfile.DIRTYPE,
                         'char': tarfile.CHRTYPE, 'block': tarfile.BLKTYPE, 'fifo': tarfile.FIFOTYPE}[kind]
            info.mode = 0o755 if kind == 'dir' else 0o644
            info.mtime = 1500000000
            data = b''
            if kind == 'file':
                data = value.encode()
                info.size = len(data)
            elif kind in ('link', 'hard'):
                info.linkname = value
            for key, attribute in (more[0] if more else {}).items():
                setattr(info, key, attribute)
            tar.addfile(info, io.BytesIO(data))
make('a.tar', ('lib/a', 'file', '1'), ('out/b', 'file', '2'), ('sub/up/c', 'file', '3'), ('out/deep/d', 'file', '4'))
make('b.tar', ('f', 'file', '4'))
END
