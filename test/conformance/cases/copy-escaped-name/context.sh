echo f > 'a*b'
