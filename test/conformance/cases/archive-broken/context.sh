python3 - <<'END'
from make_tar import make
make('a.tar', ('a', 'file', 'x' * 100000))
END
gzip a.tar; truncate -s -20 a.tar.gz
