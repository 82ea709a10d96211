echo a > a.txt; echo b > b.txt; echo s > "with space.txt"
mkdir -p tree/deep/er tree/empty; echo c > tree/deep/er/c; chmod 700 tree/deep; chmod 6755 tree/deep/er/c; chmod 1777 tree/empty
ln -s deep/er/c tree/link; ln -s deep tree/dirlink; ln -s /nowhere tree/dangling; ln a.txt tree/hard; ln a.txt hard-too
mkfifo tree/pipe
printf '.dockerignore\nDockerfile\ncontext.sh\nsecret*\n!secret-but-public\nlogs/**\n**/*.tmp\n' > .dockerignore
echo x > secret; echo x > secret-but-public; mkdir -p logs/today; echo x > logs/today/l; echo x > tree/deep/x.tmp
