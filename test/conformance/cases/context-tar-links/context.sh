python3 - <<'END'
from make_tar import make
make('context.tar', ('Dockerfile', 'file', 'FROM scratch\nCOPY . /all/\nCOPY link /dir\n'), ('real', 'dir', ''), ('link', 'link', 'real'), ('link/f', 'file', 'x'))
END
