# Two programs with their libraries, for busybox has none such.
PATH=$PATH:/sbin:/usr/sbin
mkdir tools
for program in setcap setfattr; do
  cp "$(command -v $program)" tools/
  ldd tools/$program | awk '$3 ~ /^\// { print $3 }' | xargs -I{} cp -L {} tools/
done
cp -L "$(ldd tools/setcap | awk '$1 ~ /ld-linux/ { print $1 }')" tools/ld.so
