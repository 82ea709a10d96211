{
  echo 'FROM mille-test/busybox AS s0'
  echo 'RUN echo 0 > /f0'
  for i in $(seq 12); do
    echo "FROM s$((i - 1)) AS s$i"
    echo "ARG N=$i"
    echo "ENV E$i=\$N"
    echo "RUN echo $i > /f$i"
    if [ "$i" -gt 1 ]; then echo "COPY --from=s$((i - 2)) /f$((i - 2)) /copied$i"; fi
  done
} > Dockerfile
