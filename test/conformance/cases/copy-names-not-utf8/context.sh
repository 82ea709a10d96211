mkdir dir; echo 1 > "dir/$(printf 'bad\377name')"; mkdir "dir/$(printf 'd\200')"; echo 2 > "dir/$(printf 'd\200')/in"
