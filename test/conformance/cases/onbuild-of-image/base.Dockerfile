FROM mille-test/busybox
ARG B=lost
ENV A=of-base
ONBUILD RUN echo "trigger $A $B" > /trigger
ONBUILD ENV A=of-trigger
ONBUILD WORKDIR /of/trigger
