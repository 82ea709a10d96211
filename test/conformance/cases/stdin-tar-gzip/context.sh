mkdir -p t/build && cd t && printf 'FROM mille-test/busybox\nCOPY build /all\n' > build/D && tar -czf ../context.tgz build && cd .. && rm -r t
