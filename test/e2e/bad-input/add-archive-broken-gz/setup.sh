head -c 3000000 /dev/urandom >big
tar c big | gzip | head -c 2000000 >a.tar.gz
rm big
