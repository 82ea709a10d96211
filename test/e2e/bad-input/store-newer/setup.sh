MILLE_ROOT=$PWD/own mille images
mkdir -p own
python3 -c "import sqlite3; db = sqlite3.connect('own/mille.db'); db.execute('PRAGMA user_version=99'); db.commit()"
