mkdir tree; cd tree; mkfifo -m 620 pipe; mknod -m 666 char c 1 3; mknod -m 600 block b 7 300
