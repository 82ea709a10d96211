python3 - <<'END'
from make_tar import make
make('a.tar', ('a', 'link', 'b'), ('b', 'link', 'a'), ('a/f', 'file', '1'))
END
