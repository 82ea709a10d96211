// What a chown, chgrp or chmod of a RUN writes into its layer once more, by the table of contents.

import { cleanRelative } from '../../core/index.ts';
import type { Entry } from '../../oci/image/index.ts';
import { type BuiltInstruction, type Command, operands } from '../lint/index.ts';
import type { ShippedRun } from './leavings.ts';
import type { Subject } from './subject.ts';

/** A command, and what it changed. */
export interface Changed {
  readonly command: Command;
  readonly built: BuiltInstruction;
  readonly name: 'chown' | 'chgrp' | 'chmod';
  /** The owner or mode as it is written. */
  readonly spec: string;
  /** What it was told to change, without a leading slash. */
  readonly paths: readonly string[];
  /** What is in the layer of it. */
  readonly entries: readonly Entry[];
  readonly bytes: number;
}

/** Undefined for other commands, and for what cannot be told from its words. */
export function changedBy(
  { lint }: Subject,
  { run, table }: ShippedRun,
  command: Command,
): Changed | undefined {
  const { name } = command;
  if (name !== 'chown' && name !== 'chgrp' && name !== 'chmod') return undefined;
  const built = lint.built.find(({ at, planned }) => at === run.at && !planned.trigger);
  const flags = command.args.filter(({ text }) => /^-[a-zA-Z-]/.test(text) && !/^-[rwxXst]/.test(text));
  if (
    !built ||
    flags.some(({ text }) => !/^(?:-[Rvcf]+|--recursive|--verbose|--changes|--quiet|--silent)$/.test(text))
  )
    return undefined;
  const recursive = flags.some(({ text }) => /^-[vcf]*R|^--recursive$/.test(text));
  const words = name === 'chmod' ? command.args.filter((word) => !flags.includes(word)) : operands(command);
  const [spec, ...targets] = words;
  if (!spec || targets.length === 0 || [spec, ...targets].some(({ text }) => !/^[\w@%+=:,./-]+$/.test(text)))
    return undefined;
  const directory = built.before.config.WorkingDir ?? '/';
  // A `cd` above it makes another directory of it.
  if (targets.some(({ text }) => !text.startsWith('/')) && run.commands.some((one) => one.name === 'cd'))
    return undefined;
  const paths = targets.map(({ text }) =>
    cleanRelative(text.startsWith('/') ? text : `${directory}/${text}`),
  );
  if (paths.some((path) => path === '')) return undefined;
  const isMeant = (path: string) =>
    paths.some((one) => path === one || (recursive && path.startsWith(`${one}/`)));
  const entries = table.entries.filter(
    ({ path, type }) => isMeant(path) && type !== 'whiteout' && type !== 'opaque',
  );
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  return { command, built, name, spec: spec.text, paths, entries, bytes };
}
