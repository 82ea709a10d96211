python3 - <<'END'
from make_tar import make
make('a.tar', ('../outside', 'file', 'x'))
END
