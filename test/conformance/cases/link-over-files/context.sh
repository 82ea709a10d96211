mkdir -p state/dir tree; echo f > f; echo t > tree/t; echo old > state/file; echo old > state/dir/old; echo old > state/plain
