echo f > f

python3 - <<'END'
from make_tar import make
make('a.tar', ('a', 'file', '1'))
END
