mkdir x; cp /bin/true x/capable; chmod 755 x/capable; setcap cap_net_bind_service+ep x/capable; echo f > x/f; setfattr -n user.note -v hi x/f
setfattr -n user.dir -v d x; tar --xattrs --xattrs-include='*' -cf made.tar x; rm -r x
