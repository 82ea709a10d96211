python3 - <<'END'
from make_tar import make
make('a.tar', ('/../f', 'file', '4'))
END
