mkdir deps
echo a > deps/a.txt
