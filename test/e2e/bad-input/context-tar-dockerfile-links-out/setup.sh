ln -s /etc/hostname Dockerfile
tar -cf context.tar Dockerfile
rm Dockerfile
