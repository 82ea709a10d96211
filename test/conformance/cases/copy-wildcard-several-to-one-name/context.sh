echo a > a.txt; echo bb > b.txt; chmod 600 b.txt; mkdir d1 d2; echo 1 > d1/f; echo 2 > d2/f
