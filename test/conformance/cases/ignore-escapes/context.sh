mkdir -p a/b/c d node_modules/x; for f in top.txt top.log a/one.txt a/one.log a/b/two.txt a/b/two.log a/b/c/three.txt d/four.txt node_modules/x/i.js .env 'sp ace'; do echo "$f" > "$f"; done
echo 1 > '!bang'; echo 2 > '#hash'; echo 3 > 'star*'; echo 4 > stars
cat > .dockerignore <<'END'
\!bang
\#hash
star\*
a\/one.txt
END
