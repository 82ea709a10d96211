mille save base | MILLE_ROOT=$PWD/own mille load -q
