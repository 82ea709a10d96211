// The program but for its version. It runs when it is loaded.

import { answer } from './answer.ts';

void answer(process.argv.slice(2)).then((status) => process.exit(status));
