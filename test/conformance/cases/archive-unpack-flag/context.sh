echo text > text

python3 - <<'END'
from make_tar import make
make('a.tar', ('a', 'file', '1'))
END
touch -d @1500000000 a.tar
