echo f > 'with space'
