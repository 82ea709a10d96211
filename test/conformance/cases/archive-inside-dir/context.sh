mkdir dir

python3 - <<'END'
from make_tar import make
make('dir/a.tar', ('a', 'file', '1'))
END
touch -d @1500000000 dir/a.tar
