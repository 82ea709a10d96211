mkdir -p t/link t/plain; echo x > t/link/x; echo f > t/dir; echo p > t/plain/p
tar cf listed.tar -C t link dir plain
mkdir -p u/implied; echo y > u/implied/y; ln u/implied/y u/implied/hard; tar cf implied.tar -C u implied/y implied/hard
mkdir -p v; echo z > v/link; ln -s nowhere v/real; tar cf over.tar -C v link real
