printf 'FROM base\nCOPY caf\033]0;title\007\010.txt /\n' >Dockerfile
