mkdir -p state/usr/lib state/real state/sub; ln -s usr/lib state/lib; ln -s /real state/out; ln -s ../real state/sub/up

python3 - <<'END'
from make_tar import make
make('a.tar', ('lib/a', 'file', '1'), ('out/b', 'file', '2'), ('sub/up/c', 'file', '3'), ('out/deep/d', 'file', '4'))
make('b.tar', ('f', 'file', '4'))
END
