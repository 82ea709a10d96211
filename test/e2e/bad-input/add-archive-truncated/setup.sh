head -c 60000 /dev/urandom >big
tar c big | head -c 30000 >a.tar
rm big
