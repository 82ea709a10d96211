// The program but for its version. It runs when it is loaded.

import { endAfterThis, endProcess } from '../../sys/index.ts';
import { answer } from './answer.ts';

endAfterThis();
void answer(process.argv.slice(2)).then(endProcess);
