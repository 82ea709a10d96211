printf "FROM base\nADD --checksum=sha256:abc http://$SERVER/hello.txt /\n" 0 >Dockerfile
