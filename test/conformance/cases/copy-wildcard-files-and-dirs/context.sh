mkdir -p xdir/sub; echo 1 > xdir/sub/f; echo 2 > xa; echo 3 > xz; echo 4 > xdir/top
