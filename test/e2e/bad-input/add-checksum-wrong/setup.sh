printf "FROM base\nADD --checksum=sha256:%064d http://$SERVER/hello.txt /\n" 0 >Dockerfile
