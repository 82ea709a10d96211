echo f > f; echo 'late:x:11:12::/:/bin/sh' > passwd
