mkdir tree; echo f > f; echo f > tree/f
