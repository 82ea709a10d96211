echo f > f; chmod 751 f
