mkdir home; chown $TEST_USER home; chmod 755 .
chmod 600 Dockerfile
