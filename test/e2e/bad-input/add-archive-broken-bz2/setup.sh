head -c 3000000 /dev/urandom >big
tar c big | bzip2 | head -c 2000000 >a.tar.bz2
rm big
