mkdir -p state/usr/lib tree/lib; echo t > tree/lib/t; ln -s usr/lib state/lib
