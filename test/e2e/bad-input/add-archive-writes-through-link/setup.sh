python3 - <<'END'
import io, tarfile
def make(name, entries, mode='w'):
    with tarfile.open(name, mode) as tar:
        for path, kind, value in entries:
            info = tarfile.TarInfo(path)
            if kind == 'file':
                data = value.encode()
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
            else:
                info.type = {'link': tarfile.SYMTYPE, 'hard': tarfile.LNKTYPE, 'dir': tarfile.DIRTYPE}[kind]
                info.linkname = value
                tar.addfile(info)
make('a.tar', [('out', 'link', '../../etc'), ('out/passwd', 'file', 'x')])
END
