# A name that no file system holds.
printf 'FROM mille-test/busybox\nWORKDIR /%0256d\n' 1 > Dockerfile
