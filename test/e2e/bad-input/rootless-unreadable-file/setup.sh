mkdir home; chown $TEST_USER home; chmod 755 .
echo x >private; chmod 600 private
