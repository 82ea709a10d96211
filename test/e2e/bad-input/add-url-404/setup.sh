printf "FROM base\nADD http://$SERVER/missing.txt /\n" >Dockerfile
