// Which commands are written in exec form, where they are files of the project.

import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../index.ts';
import { HYGIENE } from './hygiene.ts';

const SCRIPT = { kind: 'script', interpreter: '/bin/sh', libraries: [], runpath: [] } as const;

function rewritten(before: string, programs?: Readonly<Record<string, typeof SCRIPT>>): string {
  const context = { 'boot.sh': 100 };
  const given = { before, after: '', context, ...(programs ? { programs } : {}) };
  const { draft, around } = evidenceFor(given);
  return propose(draft, around, { rewrites: HYGIENE }).draft.source.text;
}

const BEFORE = 'FROM base\nCOPY boot.sh ./\nCMD ./boot.sh\n';

test('a file of the project that begins with #! needs no shell', () => {
  expect(rewritten(BEFORE, { 'boot.sh': SCRIPT })).toBe(BEFORE.replace('CMD ./boot.sh', 'CMD ["./boot.sh"]'));
});

test('one that is not known to, or lies elsewhere, does', () => {
  expect(rewritten(BEFORE)).toBe(BEFORE);
  expect(rewritten(BEFORE, { 'bin/boot.sh': SCRIPT })).toBe(BEFORE);
});

test('a program of the base needs none, and nobody has to look at it', () => {
  expect(rewritten('FROM base\nCMD gunicorn app\n')).toBe('FROM base\nCMD ["gunicorn", "app"]\n');
});
