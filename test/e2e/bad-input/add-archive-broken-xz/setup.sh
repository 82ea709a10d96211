head -c 300000 /dev/urandom >big
tar c big | xz | head -c 200000 >a.tar.xz
rm big
