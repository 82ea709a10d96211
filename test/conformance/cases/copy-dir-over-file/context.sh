mkdir tree; echo f > f
