// RUN: its command, here-documents and flags.

import { MilleError, quote, suggest } from '../../core/index.ts';
import { checkFlags, listFlag, textFlag } from './flags.ts';
import type { RunInstruction } from './instruction.ts';
import { commandLine, type InstructionHead } from './instruction-head.ts';
import { readMountFlag } from './mount.ts';
import type { Clause, Word } from './tree.ts';

const NETWORKS = ['default', 'none', 'host'] as const;
const SECURITIES = ['sandbox', 'insecure'] as const;

/** @throws MilleError `dockerfile-syntax` */
export function readRun(head: InstructionHead, clause: Clause): RunInstruction {
  const flags = checkFlags(clause, { mount: 'list', network: 'text', security: 'text', device: 'list' });
  return {
    ...head,
    kind: 'run',
    command: commandLine(clause.args, clause.json),
    heredocs: head.node.heredocs,
    mounts: listFlag(flags, 'mount').map(readMountFlag),
    network: oneOf('--network', textFlag(flags, 'network', 'value').value, NETWORKS),
    security: oneOf('--security', textFlag(flags, 'security', 'value').value, SECURITIES),
    devices: listFlag(flags, 'device'),
  };
}

/** The value of a flag that takes one of a few; the first of them where it is absent. */
function oneOf<T extends string>(name: string, word: Word | undefined, allowed: readonly [T, ...T[]]): T {
  if (!word) return allowed[0];
  const found = allowed.find((value) => value === word.text);
  if (found) return found;
  const near = suggest(word.text, allowed);
  throw new MilleError('dockerfile-syntax', `${name} cannot be ${quote(word.text)}`, {
    hint: near ? `did you mean ${near}?` : `it is one of ${allowed.join(', ')}`,
    span: word.span,
  });
}
