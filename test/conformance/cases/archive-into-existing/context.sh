mkdir -p state/dir state/was-dir state/kept; chmod 700 state/dir state/kept; setfattr -n user.old -v o state/dir
echo old > state/file; echo old > state/was-file; echo old > state/dir/old; echo old > state/was-dir/old; ln -s file state/link; ln -s dir state/dirlink
touch -d @1400000000 state/kept state/dir

python3 - <<'END'
from make_tar import make
make('a.tar', ('dir', 'dir', '', {'mode': 0o711}), ('dir/new', 'file', 'n'), ('file', 'file', 'n'), ('was-file', 'dir', ''), ('was-file/in', 'file', 'x'), ('was-dir', 'file', 'x'),
     ('link', 'file', 'n'), ('dirlink', 'dir', ''), ('dirlink/in', 'file', 'x'), ('kept/in', 'file', 'x'))
make('b.tar', ('.', 'dir', '', {'mode': 0o777, 'uid': 9}), ('in', 'file', 'x'))
END
