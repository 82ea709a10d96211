printf '\357\273\277# escape=`\nFROM mille-test/busybox\nENV A=C:\\ B=`"\nRUN echo `\n  ok > /ok\n' > Dockerfile
