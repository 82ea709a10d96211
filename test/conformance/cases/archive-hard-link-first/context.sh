python3 - <<'END'
from make_tar import make
make('a.tar', ('hard', 'hard', 'later'), ('later', 'file', 'x'))
END
