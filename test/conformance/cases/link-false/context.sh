mkdir -p state/usr/lib; echo f > f; ln -s usr/lib state/lib; ln -s usr/lib state/lib2
