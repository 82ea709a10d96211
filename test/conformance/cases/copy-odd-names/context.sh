mkdir dir; echo 1 > 'with space'; echo 2 > "$(printf 'a\tb')"; echo 3 > ./-dash; echo 5 > é
echo 6 > quoted; echo 7 > single; echo 8 > 'esc aped'; echo 9 > a; echo 10 > '$HOME'
echo 11 > "dir/$(printf 'new\nline')"; echo 12 > "dir/$(head -c 255 /dev/zero | tr '\0' n)"; echo 13 > 'dir/back\slash'
echo 14 > "dir/$(printf 'e\314\201')"; echo 15 > "dir/$(printf '\303\251')"; echo 16 > 'dir/*'
mkdir -p "dir/$(head -c 250 /dev/zero | tr '\0' d)/$(head -c 250 /dev/zero | tr '\0' e)"
