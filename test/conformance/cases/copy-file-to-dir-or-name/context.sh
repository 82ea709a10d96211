echo f > f; echo g > g; chmod 640 g
