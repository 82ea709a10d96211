mkdir extra
for name in one two three; do echo $name > $name; echo $name > extra/$name; done
printf 'one\nextra\n*Dockerfile*\n.dockerignore\n' > Dockerfile.dockerignore
echo three > .dockerignore
echo two > extra/.dockerignore
