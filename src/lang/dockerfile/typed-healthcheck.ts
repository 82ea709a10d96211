// HEALTHCHECK.

import { MilleError, quote } from '../../core/index.ts';
import { parseDuration } from './duration.ts';
import { checkFlags, type Flags, textFlag } from './flags.ts';
import type { HealthcheckInstruction } from './instruction.ts';
import { commandLine, type InstructionHead, malformed } from './instruction-head.ts';
import type { Clause, Word } from './tree.ts';

/** @throws MilleError `dockerfile-syntax` */
export function readHealthcheck(head: InstructionHead, clause: Clause): HealthcheckInstruction {
  const [type, ...args] = clause.args;
  if (!type) {
    throw malformed(head, 'HEALTHCHECK needs an argument', {
      hint: 'write HEALTHCHECK CMD command, or NONE',
    });
  }
  const none = {
    ...head,
    kind: 'healthcheck',
    interval: 0,
    timeout: 0,
    startPeriod: 0,
    startInterval: 0,
    retries: 0,
  };
  if (type.text.toUpperCase() === 'NONE') {
    const extra = args[0];
    if (extra)
      throw malformed(head, 'HEALTHCHECK NONE takes no arguments', { hint: 'remove them', word: extra });
    return none as HealthcheckInstruction;
  }
  const flags = checkFlags(clause, {
    interval: 'text',
    timeout: 'text',
    'start-period': 'text',
    'start-interval': 'text',
    retries: 'text',
  });
  if (type.text.toUpperCase() !== 'CMD') {
    throw malformed(head, `HEALTHCHECK cannot start with ${quote(type.text)}`, {
      hint: 'write HEALTHCHECK CMD command, or HEALTHCHECK NONE',
      word: type,
    });
  }
  if (args.length === 0) {
    throw malformed(head, 'HEALTHCHECK CMD needs a command', { hint: 'write it after CMD', word: type });
  }
  return {
    ...none,
    kind: 'healthcheck',
    command: commandLine(args, clause.json),
    interval: duration(flags, 'interval'),
    timeout: duration(flags, 'timeout'),
    startPeriod: duration(flags, 'start-period'),
    startInterval: duration(flags, 'start-interval'),
    retries: retries(flags),
  };
}

function duration(flags: Flags, name: string): number {
  const { value } = textFlag(flags, name, 'value');
  if (!value || value.text === '') return 0;
  const nanoseconds = parseDuration(value.text);
  if (nanoseconds === undefined)
    throw badValue(name, value, 'a duration is written like 30s, 1m30s or 500ms');
  if (nanoseconds !== 0 && nanoseconds < 1e6) throw badValue(name, value, 'the shortest duration is 1ms');
  return nanoseconds;
}

function retries(flags: Flags): number {
  const { value } = textFlag(flags, 'retries', 'value');
  if (!value || value.text === '') return 0;
  const count = /^[+-]?[0-9]+$/.test(value.text) ? Number(value.text) : Number.NaN;
  if (!(count >= 0 && count < 2 ** 31)) throw badValue('retries', value, 'it is a number, 0 or more');
  return count;
}

function badValue(name: string, value: Word, hint: string): MilleError {
  return new MilleError('dockerfile-syntax', `--${name} cannot be ${quote(value.text)}`, {
    hint,
    span: value.span,
  });
}
