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
import json, hashlib, platform
make('layer.tar', [('../outside', 'file', 'x')])
layer = open('layer.tar', 'rb').read()
config = json.dumps({'architecture': 'amd64', 'os': 'linux', 'config': {}, 'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(layer).hexdigest()]}})
open('config.json', 'w').write(config)
open('manifest.json', 'w').write(json.dumps([{'Config': 'config.json', 'RepoTags': ['app:latest'], 'Layers': ['layer.tar']}]))
with tarfile.open('app.tar', 'w') as tar:
    for name in ('layer.tar', 'config.json', 'manifest.json'):
        tar.add(name)
END
