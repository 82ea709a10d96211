mkdir -p extra/sub/deep extra/hidden
echo a > extra/a.txt
echo c > extra/c.txt
echo b > extra/sub/b
echo d > extra/sub/deep/d
echo hidden > extra/hidden/h
echo log > extra/sub/x.log
ln -s a.txt extra/link
ln -s ../a.txt extra/sub/up
chmod 750 extra/sub/deep
chmod 4711 extra/c.txt
chown -R 1234:4321 extra
printf 'hidden\n**/*.log\n' > extra/.dockerignore
