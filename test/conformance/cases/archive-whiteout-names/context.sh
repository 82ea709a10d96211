mkdir -p state/d; echo f > state/f; echo f > state/d/f

python3 - <<'END'
from make_tar import make
make('a.tar', ('.wh.f', 'file', ''), ('d/.wh..wh..opq', 'file', ''), ('plain', 'file', 'x'))
END
