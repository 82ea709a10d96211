python3 - <<'END'
from make_tar import make
make('real.tar', ('d', 'dir', ''), ('d/f', 'file', 'x'))
END

echo text > text.tar; head -c 10240 /dev/zero > zeroes.tar; : > empty.tar; gzip -n < /dev/null > nothing.gz; gzip -n < text.tar > text.gz
base64 -d > text.bz2 <<< QlpoOTFBWSZTWcBv4GUAAAHBgAAQAgAEQCAAIYyDNNCI8XckU4UJDAb+BlA=
base64 -d > text.xz <<< /Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAEdGV4dAoAAAAAHSvSiq8ZTM0AAR0FuC2Arx+2830BAAAAAARZWg==
base64 -d > text.zst <<< KLUv/QRYKQAAdGV4dAosUaG/
gzip -n < real.tar | head -c 12 > broken.gz; head -c 300 real.tar > short.tar; touch -d @1600000000 real.tar
python3 -c "import zipfile; zipfile.ZipFile('made.zip', 'w').writestr(zipfile.ZipInfo('f'), 'x')"
