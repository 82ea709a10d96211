python3 - <<'END'
from make_tar import make
make('a.tar', ('link', 'link', 'not/there'), ('link/f', 'file', '1'), ('abs', 'link', '/x/y'), ('abs/f', 'file', '2'))
END
