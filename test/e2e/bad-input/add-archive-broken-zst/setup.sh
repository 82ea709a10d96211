head -c 3000000 /dev/urandom >big
tar c big | zstd -q | head -c 2000000 >a.tar.zst
rm big
