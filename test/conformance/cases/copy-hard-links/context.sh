mkdir -p tree/sub; echo same > tree/a; ln tree/a tree/b; ln tree/a tree/sub/c; ln -s a tree/soft; ln tree/soft tree/soft2
