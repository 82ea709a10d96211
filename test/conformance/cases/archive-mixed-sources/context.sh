mkdir -p dir/sub; echo f > f; echo d > dir/sub/d

python3 - <<'END'
from make_tar import make
make('a.tar', ('a', 'file', '1'), ('f', 'file', 'of the archive'), ('sub', 'dir', '', {'mode': 0o700}))
END
