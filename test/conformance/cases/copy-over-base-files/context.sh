mkdir tree; echo x > passwd; echo y > sh; echo g > tree/group; chmod 400 tree/group; echo f > f
