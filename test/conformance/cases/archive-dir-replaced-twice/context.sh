mkdir -p state/d; echo old > state/d/old

python3 - <<'END'
from make_tar import make
make('a.tar', ('d', 'file', 'x'), ('d', 'dir', ''), ('d/new', 'file', 'x'))
END
