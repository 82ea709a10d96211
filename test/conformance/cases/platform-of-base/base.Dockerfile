FROM scratch
COPY Dockerfile /base
ENV BASE=1
