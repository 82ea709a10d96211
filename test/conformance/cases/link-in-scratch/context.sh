mkdir -p tree/sub; echo f > f; echo t > tree/sub/t; chmod 711 tree/sub
