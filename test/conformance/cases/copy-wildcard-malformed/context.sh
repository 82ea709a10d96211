echo a > '[a'; echo f > f
