FROM mille-test/busybox
WORKDIR /of/base
RUN rm -r /of
