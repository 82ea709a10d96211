mkdir -p before/kept before/sub tree/sub; chmod 700 before/kept before/sub; chmod 2775 tree/sub; chmod 701 tree
echo old > before/old; echo old > before/sub/both; echo new > tree/sub/both; echo new > tree/new; echo f > f
touch -d @1500000000 before before/kept before/sub tree tree/sub
