python3 - <<'END'
import hashlib, io, json, platform, tarfile

def layer_of(*entries):
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode='w') as archive:
        for name, kind, data in entries:
            info = tarfile.TarInfo(name)
            info.type, info.mode, info.mtime, info.size = kind, 0o755, 1600000000, len(data)
            archive.addfile(info, io.BytesIO(data))
    return layer.getvalue()

busybox = open('/bin/busybox', 'rb').read()
empty = layer_of()
first = layer_of(('bin', tarfile.DIRTYPE, b''), ('bin/sh', tarfile.REGTYPE, busybox), ('dir', tarfile.DIRTYPE, b''), ('dir/a', tarfile.REGTYPE, b'a'))
second = layer_of(('dir', tarfile.DIRTYPE, b''), ('dir/.wh.a', tarfile.REGTYPE, b''), ('dir/b', tarfile.REGTYPE, b'b'))
layers = [first, empty, empty, second, first, empty, second]
names = [f'{i}.tar' for i in range(len(layers))]
config = {
    'architecture': 'arm64' if platform.machine() == 'aarch64' else 'amd64', 'os': 'linux', 'config': {'Env': ['PATH=/bin']},
    'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(layer).hexdigest() for layer in layers]},
    'history': [{'created_by': f'layer {i}'} for i in range(len(layers))],
}
config = json.dumps(config).encode()
name = hashlib.sha256(config).hexdigest() + '.json'
manifest = [{'Config': name, 'RepoTags': ['conformance/base-equal-layers:base'], 'Layers': names}]
with tarfile.open('base.tar', 'w') as archive:
    for path, data in (name, config), ('manifest.json', json.dumps(manifest).encode()), *zip(names, layers):
        info = tarfile.TarInfo(path)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
END
