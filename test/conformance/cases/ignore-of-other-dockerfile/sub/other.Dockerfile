FROM scratch
COPY . /other/
