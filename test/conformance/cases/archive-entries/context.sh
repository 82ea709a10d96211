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
make('a.tar', ('d', 'dir', '', {'mode': 0o2750, 'uid': 1}), ('d/f', 'file', 'x', {'mode': 0o4755, 'uid': 2, 'gid': 3}), ('d/hard', 'hard', 'd/f', {'mode': 0o4755, 'uid': 2, 'gid': 3}),
     ('d/soft', 'link', 'f', {'uid': 4}), ('d/char', 'char', '', {'devmajor': 10, 'devminor': 200}), ('d/block', 'block', '', {'devmajor': 7, 'devminor': 300}),
     ('d/pipe', 'fifo', '', {'mode': 0o620}), ('large', 'file', 'x', {'uid': 3000000, 'gid': 4000000}), ('old', 'file', '', {'mtime': 0}), ('older', 'file', '', {'mtime': -86400}))
END
