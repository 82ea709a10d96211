mkdir -p tree/f; echo f > f
