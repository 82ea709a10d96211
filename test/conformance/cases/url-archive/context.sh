mkdir served

python3 - <<'END'
from make_tar import make
make('served/a.tar', ('d', 'dir', '', {'mode': 0o700}), ('d/f', 'file', 'x', {'uid': 7}))
END
cp served/a.tar served/misnamed
