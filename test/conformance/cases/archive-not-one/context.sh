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
make('real.tar', ('d', 'dir', ''), ('d/f', 'file', 'x'))
END

echo text > text.tar; head -c 10240 /dev/zero > zeroes.tar; : > empty.tar; gzip -n < /dev/null > nothing.gz; gzip -n < text.tar > text.gz
base64 -d > text.bz2 <<< QlpoOTFBWSZTWcBv4GUAAAHBgAAQAgAEQCAAIYyDNNCI8XckU4UJDAb+BlA=
base64 -d > text.xz <<< /Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAEdGV4dAoAAAAAHSvSiq8ZTM0AAR0FuC2Arx+2830BAAAAAARZWg==
base64 -d > text.zst <<< KLUv/QRYKQAAdGV4dAosUaG/
gzip -n < real.tar | head -c 12 > broken.gz; head -c 300 real.tar > short.tar; touch -d @1600000000 real.tar
python3 -c "import zipfile; zipfile.ZipFile('made.zip', 'w').writestr(zipfile.ZipInfo('f'), 'x')"
