python3 - <<'END'
from make_tar import make
make('a.tar', ('real', 'dir', '', {'mode': 0o700}), ('link', 'link', 'real'), ('link/f', 'file', '1'), ('abs', 'link', '/real'), ('abs/g', 'file', '2'),
     ('real/back', 'link', '..'), ('link/back/top', 'file', '4'), ('link/sub/deep', 'file', '5'), ('two', 'link', 'link'), ('two/i', 'file', '6'))
make('b.tar', ('out', 'link', '/etc'), ('out/group', 'file', 'changed'))
END
