mkdir -p before/sub tree/sub; chmod 700 before before/sub; echo old > before/sub/old; echo t > tree/sub/t; echo f > f
touch -d @1500000000 before/sub
