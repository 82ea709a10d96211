for f in 'a*b' axb 'c[d]' cd 'e?' ef 'abc'; do echo "$f" > "$f"; done
