python3 - <<'END'
from make_tar import make
make('a.tar', ('d/f', 'file', 'x', {'mode': 0o600, 'uid': 1}), ('hard', 'hard', 'd/f', {'mode': 0o640, 'uid': 2, 'mtime': 1400000000}), ('again', 'hard', './hard', {'mode': 0o640, 'uid': 2, 'mtime': 1400000000}),
     ('s', 'link', 'd/f'), ('hard-soft', 'hard', 's'), ('through', 'link', 'd'), ('hard-through', 'hard', 'through/f', {'mode': 0o644, 'uid': 3}))
END
