python3 - <<'END'
from make_tar import make
make('a.tar', ('f', 'file', 'first', {'uid': 1}), ('f', 'file', 'second', {'mode': 0o600}), ('d', 'dir', '', {'mode': 0o700, 'uid': 5}), ('d/kept', 'file', 'x'),
     ('d', 'dir', '', {'mode': 0o711}), ('was-dir/f', 'file', 'x'), ('was-dir', 'file', 'now a file'), ('was-file', 'file', 'x'), ('was-file', 'dir', ''),
     ('was-file/f', 'file', 'y'), ('l', 'link', 'f'), ('l', 'file', 'now a file'), ('h1', 'file', 'shared'), ('h2', 'hard', 'h1'), ('h1', 'file', 'alone'))
END
