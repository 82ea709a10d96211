mkdir tree; for f in f g name tree/t; do echo $f > $f; done; chmod 700 tree
