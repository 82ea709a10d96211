mkdir tree; echo t > tree/t; echo f > f; echo g > g
