ln -s Dockerfile Dockerfile
