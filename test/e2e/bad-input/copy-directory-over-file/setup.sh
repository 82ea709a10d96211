mkdir etc && echo x >etc/file
