mkdir -p state/secret; echo s > state/secret/f

python3 - <<'END'
from make_tar import make
make('a.tar', ('link', 'link', '../secret'), ('link/f', 'file', '1'))
END
