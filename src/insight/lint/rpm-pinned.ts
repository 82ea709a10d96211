// How yum and dnf are told a version: `name-1.2-3.el9`, or `name:stream` for a module.

import { type Installer, installs } from './package-installs.ts';
import { unpinned } from './pinned.ts';
import { placed } from './placed.ts';
import type { Finding } from './rule.ts';
import type { LintSubject } from './subject.ts';

/** What a rule about one of them says of it. */
export function rpmVersionsPage(program: string): string {
  return `\`${program} install httpd\` takes what the repositories hold on the day of the build; \`httpd-2.4.62\` takes what
you have tested. Of a module it is the stream that counts: \`nodejs:22\`. Files (\`tool.rpm\`) are what they are, and a
version may come from ARG or ENV.`;
}

/** Packages and modules that are installed in whatever version there is. */
export function unpinnedRpm(subject: LintSubject, installer: Installer): readonly Finding[] {
  const variables = declaredNames(subject);
  return installs(subject, installer).flatMap((one) => {
    const words = one.packages;
    if (words.some(({ text }) => text === 'module')) {
      const modules = words.filter(({ text }) => text !== 'module');
      return unpinned({ ...one, packages: modules }, (name) => name.includes(':'));
    }
    if (words.some(({ text }) => text === 'group')) return [];
    return unpinned(one, (name) => isRpmVersion(name, variables));
  });
}

/** Whether a package's word says a version. A variable of the file counts as one. */
function isRpmVersion(word: string, variables: ReadonlySet<string>): boolean {
  if (/\.rpm$/.test(word)) return true;
  const [, ...parts] = word.split('-');
  if (parts.length === 0) return false;
  const names = [...word.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name as string);
  if (names.length > 0) return names.some((name) => variables.has(name));
  return parts.every((part) => /^[\w.~^:+]*$/.test(part)) && parts.some((part) => /^\d/.test(part));
}

/** Names of ARG and ENV of the file. */
function declaredNames(subject: LintSubject): ReadonlySet<string> {
  const inStages = placed(subject, 'arg', 'env').map(({ instruction }) => instruction);
  return new Set(
    [...subject.dockerfile.globalArgs, ...inStages].flatMap((one) =>
      one.kind === 'arg' ? one.args.map(({ name }) => name.text) : one.pairs.map(({ key }) => key.text),
    ),
  );
}
