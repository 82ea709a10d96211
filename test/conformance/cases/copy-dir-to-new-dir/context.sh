mkdir -p tree/sub/empty; echo 1 > tree/one; echo 2 > tree/sub/two
chmod 750 tree; chmod 705 tree/sub; chmod 600 tree/one
