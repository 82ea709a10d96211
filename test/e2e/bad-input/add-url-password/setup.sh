printf "FROM base\nADD http://user:hunter2@$SERVER/missing.txt?token=hunter3 /\n" >Dockerfile
