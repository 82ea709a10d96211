// Where the program begins. What only asks for the version loads nothing else: starting must stay under 25 ms.

import { version } from '../../../package.json' with { type: 'json' };

const words = process.argv.slice(2);
if (words.length === 1 && ['--version', '-v', 'version'].includes(words[0]!)) {
  // The console writes without the streams of `process`, which take 10 ms to make.
  console.log(`mille ${version}`);
} else {
  await import('./program.ts');
}
