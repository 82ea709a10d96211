python3 - <<'END'
from make_tar import make
make('a.tar', ('d', 'dir', '', {'mode': 0o2750, 'uid': 1}), ('d/f', 'file', 'x', {'mode': 0o4755, 'uid': 2, 'gid': 3}), ('d/hard', 'hard', 'd/f', {'mode': 0o4755, 'uid': 2, 'gid': 3}),
     ('d/soft', 'link', 'f', {'uid': 4}), ('d/char', 'char', '', {'devmajor': 10, 'devminor': 200}), ('d/block', 'block', '', {'devmajor': 7, 'devminor': 300}),
     ('d/pipe', 'fifo', '', {'mode': 0o620}), ('large', 'file', 'x', {'uid': 3000000, 'gid': 4000000}), ('old', 'file', '', {'mtime': 0}), ('older', 'file', '', {'mtime': -86400}))
END
