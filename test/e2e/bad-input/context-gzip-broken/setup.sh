head -c 60000 /dev/urandom >big
