mkdir tree; echo f > f; echo t > tree/t
