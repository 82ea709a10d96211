truncate -s 3M sparse; printf x | dd of=holes bs=1 seek=1000000 conv=notrunc status=none; truncate -s 2000000 holes
