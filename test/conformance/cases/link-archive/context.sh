mkdir -p state/usr/lib in/dir; echo f > in/dir/f; chmod 700 in/dir; ln -s usr/lib state/lib; tar --owner=5 --group=6 -C in -cf made.tar .; rm -r in
