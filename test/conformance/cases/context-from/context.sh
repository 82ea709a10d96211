mkdir -p rootfs/sub
echo a > rootfs/a.txt
echo b > rootfs/sub/b
ln rootfs/a.txt rootfs/hard
chmod 1777 rootfs/sub
echo own > own.txt
echo own > rootfs/ignored
echo ignored > rootfs/.dockerignore
