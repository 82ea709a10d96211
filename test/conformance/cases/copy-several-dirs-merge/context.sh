mkdir -p one/sub two/sub three; echo 1 > one/sub/f; echo 2 > two/sub/f; echo 2 > two/g; echo 3 > three/h
chmod 700 one/sub; chmod 777 two/sub; touch -d @1400000000 one; touch -d @1450000000 two
