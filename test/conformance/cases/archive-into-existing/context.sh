mkdir -p state/dir state/was-dir state/kept; chmod 700 state/dir state/kept; setfattr -n user.old -v o state/dir
echo old > state/file; echo old > state/was-file; echo old > state/dir/old; echo old > state/was-dir/old; ln -s file state/link; ln -s dir state/dirlink
touch -d @1400000000 state/kept state/dir

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
make('a.tar', ('dir', 'dir', '', {'mode': 0o711}), ('dir/new', 'file', 'n'), ('file', 'file', 'n'), ('was-file', 'dir', ''), ('was-file/in', 'file', 'x'), ('was-dir', 'file', 'x'),
     ('link', 'file', 'n'), ('dirlink', 'dir', ''), ('dirlink/in', 'file', 'x'), ('kept/in', 'file', 'x'))
make('b.tar', ('.', 'dir', '', {'mode': 0o777, 'uid': 9}), ('in', 'file', 'x'))
END
