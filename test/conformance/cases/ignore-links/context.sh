mkdir -p a/b/c d node_modules/x; for f in top.txt top.log a/one.txt a/one.log a/b/two.txt a/b/two.log a/b/c/three.txt d/four.txt node_modules/x/i.js .env 'sp ace'; do echo "$f" > "$f"; done
ln -s d/four.txt four.lnk; ln -s a dir; mkdir keep; echo k > keep/k; ln -s keep to-b
cat > .dockerignore <<'END'
a
*.lnk
END
