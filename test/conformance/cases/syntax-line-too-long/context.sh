printf 'FROM mille-test/busybox\nENV A=%070000d\n' 1 > Dockerfile
