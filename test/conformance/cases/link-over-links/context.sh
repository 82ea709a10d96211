mkdir -p state/usr/lib state/dir tree; echo f > f; echo t > tree/t; echo old > state/file; echo old > state/usr/lib/old; echo old > state/dir/old
cd state; ln -s usr/lib lib; ln -s file to-file; ln -s dir to-dir; ln -s nowhere dangling
