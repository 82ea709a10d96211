python3 - <<'END'
from make_tar import make
make('absolute.tar', ('/etc/f', 'file', 'x'), ('/top', 'file', 'y'))
make('dots.tar', ('./', 'dir', '', {'mode': 0o700, 'uid': 9}), ('./a', 'file', '1'), ('.//b/./c', 'file', '2'))
make('odd.tar', ('with space', 'file', '1'), ('new\nline', 'file', '2'), ('\udcff\udcfe', 'file', '3'), ('-dash', 'file', '4'), ('e\u0301', 'file', '5'))
make('implied.tar', ('a/b/c', 'file', 'x', {'uid': 5}), ('a/b', 'dir', '', {'mode': 0o711, 'gid': 7}), ('z/y', 'link', 'nowhere'))
END
