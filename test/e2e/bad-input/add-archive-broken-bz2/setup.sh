head -c 300000 /dev/urandom >big
tar c big | bzip2 -1 | head -c 200000 >a.tar.bz2
rm big
