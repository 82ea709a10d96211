mkdir -p t/inner; echo x > t/inner/x; ln -s inner/x t/soft; chown 11:12 t/inner; chmod 750 t/inner; tar cJf xz.tar.xz -C t .; rm -rf t
