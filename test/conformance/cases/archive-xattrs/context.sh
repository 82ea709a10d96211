mkdir in; cp /bin/true in/capable; chmod 755 in/capable; setcap cap_net_raw+ep in/capable; echo f > in/f; setfattr -n user.note -v hello in/f
setfattr -n user.dir -v d in; mkdir in/sub; setfattr -n user.sub -v s in/sub; setfattr -n trusted.t -v t in/f
touch -d @1500000000 in/* in; tar --xattrs --xattrs-include='*' -C in -cf a.tar .; rm -r in
