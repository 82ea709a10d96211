python3 - <<'END'
from make_tar import make
make('a.tar', ('link', 'link', '../../etc'), ('link/f', 'file', '1'))
END
