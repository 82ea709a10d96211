mkdir -p in/tree; printf 'FROM mille-test/busybox\nCOPY . /all/\nCOPY tree /tree\nCOPY link /followed\n' > in/Dockerfile; echo f > in/tree/f; chmod 600 in/tree/f; chmod 711 in/tree
ln -s tree/f in/link; ln in/tree/f in/hard; mkfifo in/pipe; echo ignored > in/ignored; echo ignored > in/.dockerignore
touch -h -d @1500000000 in/tree/f in/tree in/link in/pipe; touch -d @1500000000 in/Dockerfile in/ignored in/.dockerignore; tar --owner=5 --group=6 -C in -cf context.tar .; rm -r in
