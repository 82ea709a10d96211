mkdir dir; echo d > dir/d; echo f > f
