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
make('absolute.tar', ('/etc/f', 'file', 'x'), ('/top', 'file', 'y'))
make('dots.tar', ('./', 'dir', '', {'mode': 0o700, 'uid': 9}), ('./a', 'file', '1'), ('.//b/./c', 'file', '2'))
make('odd.tar', ('with space', 'file', '1'), ('new\nline', 'file', '2'), ('\udcff\udcfe', 'file', '3'), ('-dash', 'file', '4'), ('e\u0301', 'file', '5'))
make('implied.tar', ('a/b/c', 'file', 'x', {'uid': 5}), ('a/b', 'dir', '', {'mode': 0o711, 'gid': 7}), ('z/y', 'link', 'nowhere'))
END
