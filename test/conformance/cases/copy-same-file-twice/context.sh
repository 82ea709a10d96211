mkdir tree; echo tree > tree/f; echo f > f; chmod 755 f
