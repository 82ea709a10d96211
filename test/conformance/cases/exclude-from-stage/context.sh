mkdir -p src/sub/deep src/node src/empty; for f in a.txt b.log sub/c.txt sub/d.log sub/deep/e.txt node/x.js .hidden; do echo $f > src/$f; done
chmod 700 src/sub; chmod 711 src/sub/deep
