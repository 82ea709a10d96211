mkdir dir; echo 1 > dir/f.txt; echo 2 > dir/g.txt; echo target > target; ln -s dir link; ln -s target to-file
ln -s ../target dir/ln
