mkdir tree; echo f > f; echo f > tree/f; ln -s f tree/link
