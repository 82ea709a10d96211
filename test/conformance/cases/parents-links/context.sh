mkdir -p a/b/c d/b; echo 1 > a/one.txt; echo 2 > a/b/two.txt; echo 3 > a/b/c/three.txt; echo 4 > d/b/four.md; echo 5 > top.txt
chmod 700 a; chmod 2750 a/b; chmod 711 d/b

ln -s a link; ln -s one.txt a/soft; ln a/one.txt a/hard
