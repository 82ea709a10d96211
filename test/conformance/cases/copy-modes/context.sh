mkdir tree
for mode in 0 0400 0444 0222 0111 0777 4000 4755 2755 1755 6777 7777; do
  echo $mode > tree/f$mode; chmod $mode tree/f$mode; mkdir tree/d$mode; echo > tree/d$mode/in; chmod $mode tree/d$mode
done
