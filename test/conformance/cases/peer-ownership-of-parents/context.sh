echo a > a.txt; mkdir -p tree/n; echo b > tree/n/b; chmod 711 tree tree/n
