echo true > t; setfattr -n user.note -v hello t; setfattr -n trusted.foo -v bar t; cp -a t t2; setcap cap_net_raw+ep t2
mkdir -p dir/sub; setfattr -n user.d -v x dir/sub; cp -a t2 dir/t2; setcap cap_net_raw+ep dir/t2; tar --xattrs --xattrs-include='*' -cf t.tar t2
