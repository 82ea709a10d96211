mkdir real; echo f > real/f; ln -s real linked-context; cp Dockerfile real/
