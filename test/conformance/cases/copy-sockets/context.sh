mkdir tree; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('tree/socket')"; echo f > tree/f
