truncate -s 2M hole; printf x | dd of=hole bs=1 seek=1000000 conv=notrunc status=none; truncate -s 100000 empty; touch -d @1500000000 hole empty
tar -S --format=pax -cf pax.tar hole empty; tar -S --format=pax --sparse-version=0.0 -cf old.tar hole empty; rm hole empty
