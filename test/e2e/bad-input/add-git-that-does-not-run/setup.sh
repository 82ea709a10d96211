mkdir bin
printf '#!/bin/sh\nexit 127\n' >bin/git
chmod 755 bin/git
