mkdir -p state/usr/lib state/real; ln -s usr/lib state/lib; ln -s /real state/absolute; ln -s /not/there state/dead; chmod 700 state/usr

python3 - <<'END'
from make_tar import make
make('a.tar', ('lib/a', 'file', '1'), ('absolute/b', 'file', '2'), ('lib/d/', 'dir', ''), ('lib/d/e', 'file', '4'), ('dead/f', 'file', '5'))
END
