FROM mille-test/busybox
ENV C=1
RUN echo base > /base
CMD ["cat", "/base"]
