mkdir -p state/real; ln -s real state/link; ln -s made-late state/dangling; ln -s a.tar soft

python3 - <<'END'
from make_tar import make
make('a.tar', ('a', 'file', '1'), ('both', 'file', 'of a'))
make('b.tar', ('b', 'file', '2'), ('both', 'file', 'of b'))
END
