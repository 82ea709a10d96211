mkdir -p tree/sub; echo f > tree/f; cd tree; ln -s f relative; ln -s /etc/passwd absolute; ln -s nowhere dangling
ln -s loop loop; ln -s ../f sub/up; ln -s sub dir; ln -s ../../../../etc/passwd out
