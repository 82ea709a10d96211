// How yum and dnf are told a version: `name-1.2-3.el9`, or `name:stream` for a module.

import { placed } from './placed.ts';
import type { LintSubject } from './subject.ts';

/** Whether a package's word says a version. A variable of the file counts as one. */
export function isRpmVersion(word: string, variables: ReadonlySet<string>): boolean {
  if (/\.rpm$/.test(word)) return true;
  const [, ...parts] = word.split('-');
  if (parts.length === 0) return false;
  const names = [...word.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name as string);
  if (names.length > 0) return names.some((name) => variables.has(name));
  return parts.every((part) => /^[\w.~^:+]*$/.test(part)) && parts.some((part) => /^\d/.test(part));
}

/** Names of ARG and ENV of the file. */
export function declaredNames(subject: LintSubject): ReadonlySet<string> {
  const inStages = placed(subject, 'arg', 'env').map(({ instruction }) => instruction);
  return new Set(
    [...subject.dockerfile.globalArgs, ...inStages].flatMap((one) =>
      one.kind === 'arg' ? one.args.map(({ name }) => name.text) : one.pairs.map(({ key }) => key.text),
    ),
  );
}
