mkdir -p state/etc state/real; echo f > f
printf '#commented:x:1:1::/:\n\ndup:x:21:22::/:\ndup:x:31:32::/:\n  spaced:x:41:42::/:  \nshort:x:51\nlinked:x:61:62::/:' > state/real/accounts
ln -s ../real/accounts state/etc/passwd; printf 'grp:x:71:\ngrp:x:81:\n' > state/etc/group
