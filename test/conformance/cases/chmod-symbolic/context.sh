mkdir -p tree/sub; echo f > f; for m in 640 755 111 6711; do echo $m > tree/f$m; chmod $m tree/f$m; done
chmod 2770 tree/sub; ln -s f640 tree/link
