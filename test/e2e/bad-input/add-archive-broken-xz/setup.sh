head -c 3000000 /dev/urandom >big
tar c big | xz | head -c 2000000 >a.tar.xz
rm big
