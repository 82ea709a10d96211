echo a > a.txt; mkdir -p tree/sub; echo t > tree/sub/t
