mkdir -p tree/sub; echo f > f; echo g > g; echo t > tree/sub/t; ln -s sub tree/link; chmod 700 tree/sub; ln f tree/hard
