FROM mille-test/busybox
LABEL of=base
ONBUILD ENV TRIGGERED=yes
ONBUILD RUN touch /triggered
