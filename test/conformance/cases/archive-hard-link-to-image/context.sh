echo f > f

python3 - <<'END'
from make_tar import make
make('a.tar', ('hard', 'hard', 'there', {'mode': 0o600}))
END
