mkdir odd; cd odd; echo 1 > "with space"; echo 2 > "$(printf 'new\nline')"; echo 4 > "$(head -c 255 /dev/zero | tr '\0' n)"; echo 5 > 'quote"back\slash'; echo 6 > "$(printf '\303\251t\303\251-\360\237\245\220')"
mkdir -p "$(head -c 200 /dev/zero | tr '\0' d)/$(head -c 200 /dev/zero | tr '\0' e)"; echo 7 > "$(head -c 200 /dev/zero | tr '\0' d)/$(head -c 200 /dev/zero | tr '\0' e)/deep"
setfattr -n user.note -v hello "with space"; touch -d @-86400 before-epoch; ln -s "$(head -c 300 /dev/zero | tr '\0' x)" longlink
echo true > capable; setcap cap_net_raw+ep capable
