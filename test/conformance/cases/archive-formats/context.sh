long=$(head -c 90 /dev/zero | tr '\0' d); longer=$(head -c 180 /dev/zero | tr '\0' n)
mkdir -p in/$long; echo f > in/$long/f; ln -s f in/link; ln in/$long/f in/hard; touch -d @1500000000 in/$long/f in/$long
for format in v7 ustar gnu pax; do tar --format=$format --owner=5 --group=6 -C in -cf $format.tar .; done
echo long > in/$longer; ln -s $longer in/longlink; ln -s $longer$longer in/longerlink; touch -d @1500000000 in/$longer
for format in gnu pax; do tar --format=$format -C in -rf $format.tar ./$longer ./longlink ./longerlink; done
python3 - <<'END'
import io, tarfile
with tarfile.open('global.tar', 'w', format=tarfile.PAX_FORMAT, pax_headers={'comment': 'a commit'}) as tar:
    info = tarfile.TarInfo('f'); info.size = 1; info.mtime = 1500000000; tar.addfile(info, io.BytesIO(b'x'))
END
rm -r in
