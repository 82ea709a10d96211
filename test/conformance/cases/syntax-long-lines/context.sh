{
  echo 'FROM mille-test/busybox'
  printf 'ENV A=%060000d\n' 1
  printf 'RUN echo "$A" > /long'
  for i in $(seq 3000); do printf ' && \\\n    : %020d' "$i"; done
  echo
  printf 'LABEL l="%050000d"\n' 2
} > Dockerfile
