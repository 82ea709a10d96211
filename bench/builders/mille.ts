// mille as `npm ci` leaves it in sources that were unpacked from an archive: a copy of the checkout with its bundle, so that
// edits meanwhile change no figure.

import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder } from '../builder.ts';
import { run } from '../measure.ts';

const COPIED = ['mille', 'package.json', 'tsconfig.json', 'src', 'scripts'];

/** mille of this checkout, its store below `directory`. */
export function milleBuilder(checkout: string, directory: string): Builder {
  const copy = join(directory, 'mille-copy');
  mkdirSync(copy, { recursive: true });
  for (const name of COPIED) cpSync(join(checkout, name), join(copy, name), { recursive: true });
  symlinkSync(join(checkout, 'node_modules'), join(copy, 'node_modules'));
  run(['node', join(copy, 'scripts/bundle.mjs')]);
  const program = join(copy, 'mille');
  const root = join(directory, 'mille-store');
  const mille = (args: readonly string[]) => run([program, ...args], { env: { MILLE_ROOT: root } });
  return {
    name: 'mille',
    program,
    version: mille(['--version']).stdout.trim(),
    ownMemory: true,
    build: ({ context, tag, noCache }) =>
      mille(['build', ...(noCache ? ['--no-cache'] : []), '--progress=plain', '-t', tag, context]),
    load: (archive) => mille(['load', '-i', archive]),
    save: (tag, archive) => mille(['save', '-o', archive, tag]),
    push: (tag) => mille(['push', '-q', tag]),
    pull: (tag) => mille(['pull', '-q', '--unpack', tag]),
    remove: (tag) => void mille(['rmi', tag]),
    close: async () => rmSync(root, { recursive: true, force: true }),
  };
}
