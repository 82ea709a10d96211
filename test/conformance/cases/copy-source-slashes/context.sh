mkdir -p tree/sub; echo f > tree/sub/f; echo g > tree/sub/g
