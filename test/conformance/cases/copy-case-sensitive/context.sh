echo upper > File; echo lower > file; mkdir DIR dir; echo 1 > DIR/a; echo 2 > dir/A
