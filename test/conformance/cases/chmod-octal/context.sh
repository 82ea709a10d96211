mkdir -p tree/sub/deep; echo f > f; echo f > tree/f; echo f > tree/sub/f; chmod 777 tree/f; ln -s f tree/link; mkfifo tree/pipe
