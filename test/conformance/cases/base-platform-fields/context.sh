python3 - <<'END'
import hashlib, io, json, platform, tarfile

layer = io.BytesIO()
with tarfile.open(fileobj=layer, mode='w') as archive:
    info = tarfile.TarInfo('dir')
    info.type, info.mode, info.mtime = tarfile.DIRTYPE, 0o755, 1600000000
    archive.addfile(info)
layer = layer.getvalue()
config = {
    'architecture': 'arm64' if platform.machine() == 'aarch64' else 'amd64', 'os': 'linux',
    'os.version': '10.1', 'os.features': ['one', 'two'], 'config': {}, 'history': [{'created_by': 'layer'}],
    'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(layer).hexdigest()]},
}
config = json.dumps(config).encode()
name = hashlib.sha256(config).hexdigest() + '.json'
manifest = [{'Config': name, 'RepoTags': ['conformance/base-platform-fields:base'], 'Layers': ['layer.tar']}]
with tarfile.open('base.tar', 'w') as archive:
    for path, data in (name, config), ('layer.tar', layer), ('manifest.json', json.dumps(manifest).encode()):
        info = tarfile.TarInfo(path)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
END
