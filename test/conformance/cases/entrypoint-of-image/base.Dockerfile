FROM mille-test/busybox
ENTRYPOINT ["/e"]
CMD ["c"]
HEALTHCHECK CMD x
