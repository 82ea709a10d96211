// Programs of the image that ran on the old base and do not on the new one, what the image starts, and what was built for
// another version of its interpreter.

import type { ImageConfig } from '../../oci/image/index.ts';
import { type BroughtProgram, type Ground, misfitsOf } from '../compatibility/index.ts';
import { commandFiles } from '../programs/index.ts';
import { type Concern, concern, listAt, type RebaseSubject } from './types.ts';

/** An image on both bases. */
export interface OnBoth {
  /** Of its own layers. */
  readonly programs: readonly BroughtProgram[];
  readonly before: Ground;
  readonly after: Ground;
}

/** What programs tell. What did not run before is not blamed on the new base. */
export function programConcerns(
  { own }: RebaseSubject,
  { programs, before, after }: OnBoth,
): readonly Concern[] {
  const found = new Map<string, string[]>();
  for (const program of programs) {
    const known = new Set(misfitsOf(program, before).map(({ kind, needs }) => `${kind} ${needs}`));
    for (const { kind, needs, text } of misfitsOf(program, after))
      if (!known.has(`${kind} ${needs}`)) listAt(found, text).push(program.path);
  }
  return [
    ...[...found].map(([text, paths]) =>
      concern({ level: 'breaks', kind: 'program', text: `a program ${text}` }, paths),
    ),
    ...lostCommand(before, after),
    ...otherNode(
      own.flatMap(({ entries }) => entries.map(({ path }) => path)),
      { before, after },
    ),
  ];
}

function lostCommand(before: Ground, after: Ground): Concern[] {
  const [then, now] = [before, after].map((ground) => commandFiles(ground.tree, ground.config));
  if (!then || now) return [];
  const { Entrypoint, Cmd } = after.config.config ?? {};
  const [first = ''] = [...(Entrypoint ?? []), ...(Cmd ?? [])];
  const text =
    first === '' ? 'the image has no command then' : `the image starts ${first}, which leads to nothing then`;
  return [concern({ level: 'breaks', kind: 'command', text })];
}

/** Native modules are built for one major version of Node (NODE_MODULE_VERSION). */
function otherNode(
  paths: readonly string[],
  on: { readonly before: Ground; readonly after: Ground },
): Concern[] {
  const [then, now] = [on.before, on.after].map(({ config }) => nodeVersion(config));
  const modules = paths.filter((path) => path.endsWith('.node'));
  if (modules.length === 0 || then === undefined || now === undefined || then === now) return [];
  const text = `native modules were built for Node ${then}, and the new base has Node ${now}`;
  return [concern({ level: 'check', kind: 'node-version', text }, modules)];
}

function nodeVersion({ config }: ImageConfig): string | undefined {
  const value = config?.Env?.find((one) => one.startsWith('NODE_VERSION='));
  return value?.slice(value.indexOf('=') + 1).split('.')[0];
}
