# Without a newline at the end, as an editor may leave it.
printf %s "$(cat Dockerfile)" > d && mv d Dockerfile
