mille save -o good.tar base
python3 - <<'END'
import io, json, tarfile
with tarfile.open('good.tar') as good, tarfile.open('app.tar', 'w') as bad:
    biggest = max(good.getmembers(), key=lambda member: member.size).name
    for member in good.getmembers():
        data = good.extractfile(member).read() if member.isfile() else b''
        if member.name == biggest:
            data = data.replace(b'root:', b'toor:')
        member.size = len(data)
        bad.addfile(member, io.BytesIO(data))
END
rm good.tar
