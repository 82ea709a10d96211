mkdir src && echo x >src/etc
