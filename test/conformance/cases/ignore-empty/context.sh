: > .dockerignore; echo f > f
