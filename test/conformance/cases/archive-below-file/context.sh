python3 - <<'END'
from make_tar import make
make('a.tar', ('f', 'file', '1'), ('f/g', 'file', '2'))
END
