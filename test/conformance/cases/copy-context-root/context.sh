mkdir sub; echo f > sub/f; echo .h > .hidden; chmod 711 .
