mkdir -p sub/a/b; for f in top.txt sub/one.txt sub/a/f.txt sub/a/b/f.txt; do echo $f > $f; done
