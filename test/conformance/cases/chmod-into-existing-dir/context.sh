mkdir -p before/sub tree/sub; chmod 700 before; chmod 711 before/sub tree/sub; echo f > tree/sub/f
