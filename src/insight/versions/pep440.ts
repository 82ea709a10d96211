// Versions of Python's packages: the specification "Version specifiers" of packaging.python.org, which was PEP 440.

import { compareDigits, compareLists, compareText, scheme } from './scheme.ts';

interface PythonVersion {
  readonly epoch: string;
  readonly release: readonly string[];
  /** 0 a development release of the version itself, 1 to 3 alpha, beta, candidate, 4 the version. */
  readonly phase: number;
  readonly phaseNumber: string;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  readonly local: readonly string[] | undefined;
}

const FORM = new RegExp(
  [
    '^v?(?:([0-9]+)!)?([0-9]+(?:\\.[0-9]+)*)',
    '(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?',
    '(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?',
    '(?:[-_.]?(dev)[-_.]?([0-9]*))?',
    '(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$',
  ].join(''),
);
const PHASES: Readonly<Record<string, number>> = {
  ...{ a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 },
};
const RELEASED = 4;

export const pep440 = scheme<PythonVersion>({
  parse(text) {
    const match = FORM.exec(text.trim().toLowerCase());
    if (!match) return undefined;
    const [, epoch = '0', release, phase, phaseNumber = '', implicit, postWord, post, devWord, dev, local] =
      match;
    const after = implicit ?? (postWord === undefined ? undefined : (post ?? ''));
    const early = phase === undefined && after === undefined && devWord !== undefined;
    return {
      ...{ epoch, release: release!.split('.'), phaseNumber },
      phase: phase !== undefined ? PHASES[phase]! : early ? 0 : RELEASED,
      post: after,
      dev: devWord === undefined ? undefined : (dev ?? ''),
      local: local?.split(/[-_.]/),
    };
  },
  compare: (a, b) =>
    compareDigits(a.epoch, b.epoch) ||
    compareLists(a.release, b.release, compareDigits, '0') ||
    a.phase - b.phase ||
    compareDigits(a.phaseNumber, b.phaseNumber) ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareLocal(a.local, b.local),
});

/** @param missing how one that is not there compares with one that is */
function compareOptional(a: string | undefined, b: string | undefined, missing: number): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? missing : -missing;
  return compareDigits(a, b);
}

function compareLocal(a: readonly string[] | undefined, b: readonly string[] | undefined): number {
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  return compareLists<string | undefined>(a, b, compareLocalPart, undefined);
}

function compareLocalPart(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [digitsA, digitsB] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (digitsA !== digitsB) return digitsA ? 1 : -1;
  return digitsA ? compareDigits(a, b) : compareText(a, b);
}
