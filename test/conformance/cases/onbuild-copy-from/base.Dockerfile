FROM mille-test/busybox
ONBUILD COPY --from=tools /t/tool /from-name
ONBUILD COPY --from=0 /t /from-number
ONBUILD COPY --from=mille-test/busybox /etc/passwd /from-image
ONBUILD RUN --mount=from=tools,target=/m cat /m/t/tool > /mounted
