mkdir -p tree/new tree/tmp over; echo 1 > tree/new/one; echo 1 > tree/top; chmod 700 tree; chmod 1755 tree/tmp
for f in f g h; do echo $f > $f; done; echo hosts > over/group
