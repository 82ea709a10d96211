# An image as an old builder wrote it.
python3 - <<'END'
import hashlib, io, json, platform, tarfile

layer = io.BytesIO()
with tarfile.open(fileobj=layer, mode='w') as archive:
    for name, kind in ('dir', tarfile.DIRTYPE), ('dir/link', tarfile.SYMTYPE):
        info = tarfile.TarInfo(name)
        info.type, info.mode, info.mtime, info.linkname = kind, 0o700, 1600000000, 'x'
        archive.addfile(info)
layer = layer.getvalue()
config = {
    'architecture': 'arm64' if platform.machine() == 'aarch64' else 'amd64', 'os': 'linux', 'author': 'somebody',
    'docker_version': '1.2', 'container': 'ab' * 32, 'container_config': {'Cmd': ['x']}, 'unknown': 1,
    'created': '2020-01-02T03:04:05.678Z',
    'config': {
        'Hostname': 'host', 'Domainname': 'domain', 'User': '', 'AttachStdin': True, 'Tty': True, 'OpenStdin': False,
        'Env': ['PATH=/bin', 'EMPTY=', 'NOEQUALS', 'TWICE=1', 'TWICE=2'], 'Cmd': None, 'Image': 'sha256:' + 'ab' * 32,
        'Volumes': None, 'WorkingDir': '/a/../b//c/', 'Entrypoint': None, 'OnBuild': [], 'Labels': {}, 'MacAddress': '1',
        'StopTimeout': 5, 'Memory': 7, 'CpuShares': 8, 'NetworkDisabled': True, 'Unknown': {'x': 1}, 'ArgsEscaped': False,
        'ExposedPorts': {'80/tcp': {}}, 'StopSignal': '', 'Shell': None,
        'Healthcheck': {'Test': ['CMD', 'x'], 'Interval': 5000000000},
    },
    'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(layer).hexdigest()]},
    'history': [
        {'created': '2020-01-02T03:04:05.678Z', 'created_by': 'old', 'author': 'him', 'comment': 'c'},
        {'created_by': 'no time', 'empty_layer': True},
    ],
}
config = json.dumps(config).encode()
name = hashlib.sha256(config).hexdigest() + '.json'
manifest = [{'Config': name, 'RepoTags': ['conformance/base-image-fields:base'], 'Layers': ['layer.tar']}]
with tarfile.open('base.tar', 'w') as archive:
    for path, data in (name, config), ('layer.tar', layer), ('manifest.json', json.dumps(manifest).encode()):
        info = tarfile.TarInfo(path)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
END
