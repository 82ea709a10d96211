mkdir -p t/inner; echo x > t/inner/x; ln -s inner/x t/soft; ln t/inner/x t/hard; chmod 4755 t/inner/x; chown 11:12 t/inner; chmod 750 t/inner
tar="tar --mtime=@1500000000"; $tar -cf plain.tar -C t .; $tar -czf gz.tar.gz -C t .; $tar -cjf bz.tar.bz2 -C t inner; $tar -I zstd -cf zst.tar.zst -C t .
$tar -cf over.tar -C t inner; echo hello | gzip -n > not-an-archive.gz; echo a > a.txt; mkdir tree; cp plain.tar tree/; rm -rf t
