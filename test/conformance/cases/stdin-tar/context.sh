mkdir t && cd t && printf 'FROM mille-test/busybox\nCOPY . /all\n' > Dockerfile && echo a > a && chmod 640 a && chown 5:6 a && ln -s a l && ln a h && mkdir -m 700 d && touch -d @1500000000 a && echo d > d/d && printf 'skipped\n' > .dockerignore && echo s > skipped
tar -cf ../context.tar . && cd .. && rm -r t
