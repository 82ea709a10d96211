mkdir -p dir/sub hidden
echo in > dir/in
chmod 640 dir/in
echo secret > hidden/file
echo '*.log' > dir/a.log
ln -s dir to-dir
ln -s /etc/passwd outside
mkfifo pipe
printf 'hidden\n*.tmp\n**/*.log\n' > .dockerignore
echo t > x.tmp
