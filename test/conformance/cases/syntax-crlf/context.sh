sed -i 's/$/\r/' Dockerfile
cat > Dockerfile.unix <<'END'
FROM mille-test/busybox
ENV A=1 \
  B=2
# comment
RUN echo one \
  && echo two > /two
RUN <<EOF
echo heredoc > /heredoc
EOF
LABEL a="b" c=d
WORKDIR /w
CMD ["x"]
END
sed 's/$/\r/' Dockerfile.unix > Dockerfile
