mkdir -p state/usr/lib state/there tree; echo f > f; echo t > tree/t; ln -s usr/lib state/lib; chmod 711 state/there
