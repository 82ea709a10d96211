mkdir -p a/b/c d node_modules/x; for f in top.txt top.log a/one.txt a/one.log a/b/two.txt a/b/two.log a/b/c/three.txt d/four.txt node_modules/x/i.js .env 'sp ace'; do echo "$f" > "$f"; done
printf '\357\273\277top.txt\r\n*.log\r\n!top.log\r\n' > .dockerignore
