mkdir tree; echo f > tree/f; setfattr -n user.note -v hello tree/f; setfattr -n user.empty tree/f; setfattr -n trusted.note -v t tree/f
setfattr -n user.on.dir -v d tree; mkdir tree/sub; setfattr -n user.sub -v s tree/sub; cp /bin/true tree/capable; setcap cap_net_raw+ep tree/capable
setfattr -n user.binary -v 0x00ff0a20 tree/f
