// Looking for secrets in an image of 1 GB: 20,000 texts, binaries of all sizes, compressed files. One token is in it, and
// has to be found. Scanners that could be compared with are not packaged.

import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Context, noise } from '../context-files.ts';
import { run } from '../measure.ts';
import { alternate, type Bench, type Measured, type Scenario } from '../scenario.ts';

const TAG = 'localhost/mille-bench/scanned:1';
const TEXTS = 20_000;
const BINARIES = 170;
const BINARY_BYTES = 5_000_000;
const COMPRESSED = 2_000;

export const scanImage: Scenario = { name: 'scan-image', title: 'Secrets of an image of 1 GB', run: measure };

function measure(bench: Bench): Measured[] {
  const mille = bench.builders[0]!;
  const context = makeContext(bench.directory);
  const env = { MILLE_ROOT: join(bench.directory, 'store'), MILLE_OFFLINE: '1' };
  run([mille.program, 'build', '-q', '--secrets=off', '-t', TAG, context.path], { env });
  const alone = { ...bench, builders: [mille] };
  return [
    alternate(alone, {
      title: 'secrets of the image, all layers',
      target: '10 s, under 300 MB',
      memory: true,
      rounds: Math.min(bench.rounds, 3),
      // A status that says that something was found is what is expected.
      measure: () => run(['sh', '-c', `${mille.program} secrets ${TAG}; [ $? -eq 37 ]`], { env }),
    }),
  ];
}

function makeContext(directory: string): Context {
  const context = new Context(join(directory, 'scanned'));
  context.write('Dockerfile', 'FROM scratch\nCOPY . /\n');
  const words = 'const value = compute(token, index); // as the settings say: name = other.name\n';
  const text = words.repeat(300);
  for (let i = 0; i < TEXTS; i++) {
    const kind = ['js', 'py', 'json', 'md', 'h'][i % 5];
    context.write(`src/d${i % 200}/file${i}.${kind}`, text.slice(0, 500 + ((i * 7919) % 9000)));
  }
  const bytes = noise(3, BINARY_BYTES);
  for (let i = 0; i < BINARIES; i++) {
    bytes[i] = i;
    context.write(`lib/part${i}.so`, bytes);
  }
  for (let i = 0; i < COMPRESSED; i++)
    context.write(`share/doc/page${i}.gz`, gzipSync(text.slice(0, 2000 + ((i * 31) % 8000))));
  context.write('app/settings.txt', `github: ${['ghp', 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0eFgHjK'].join('_')}\n`);
  return context;
}
