mkdir home; chown $TEST_USER home; chmod 755 .
