mkdir dir; echo f > dir/f; echo both > 'f g'
