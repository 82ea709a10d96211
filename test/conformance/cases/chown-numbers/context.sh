mkdir -p tree/sub; echo f > f; chmod 4755 f; echo f > tree/sub/f; ln -s f tree/link; mkfifo tree/pipe
