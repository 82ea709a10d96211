mkdir tree; echo f > tree/f; echo f > tree/.wh.g
