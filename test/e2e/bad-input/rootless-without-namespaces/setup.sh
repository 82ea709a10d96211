ln "$BUN" bun 2>/dev/null || cp "$BUN" bun; chmod 755 bun; "$BUN" build --target=bun --external=xmlbuilder2 --external=libxmljs2 --external=ajv-formats-draft2019 --outfile=mille.js "$CHECKOUT/src/front/cli/main.ts" >/dev/null
printf '#!/bin/sh\nexec %s/bun %s/mille.js "$@"\n' "$PWD" "$PWD" >mille; chmod 755 mille; mkdir home; chown $TEST_USER home; chmod 755 .
