mkdir -p in/dir; echo f > in/dir/f; ln -s f in/dir/link; chmod 711 in/dir; touch -d @1500000000 in/dir/f in/dir
tar --owner=5 --group=6 -C in -cf a.tar dir; for program in gzip bzip2 xz zstd; do $program -q -k a.tar; done
cp a.tar.gz misnamed.txt
head -c 700 a.tar | gzip > members.gz; tail -c +701 a.tar | gzip >> members.gz
head -c 900 a.tar | zstd -q > frames; tail -c +901 a.tar | zstd -q >> frames; rm -r in
