truncate -s 2M hole; printf x | dd of=hole bs=1 seek=1000000 conv=notrunc status=none; tar -S --format=gnu -cf gnu.tar hole; rm hole
