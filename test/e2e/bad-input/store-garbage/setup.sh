mkdir own; head -c 9000 /dev/zero | tr "\0" x >own/mille.db
