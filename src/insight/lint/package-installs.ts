// Commands of package managers that install something, and what they are told to install.

import { type Command, commandsOf, flagNames, operands, type Run, type Word } from './run-commands.ts';
import type { LintSubject } from './subject.ts';

/** How a package manager is told to install. */
export interface Installer {
  readonly programs: readonly string[];
  readonly verbs: readonly string[];
  /** Flags whose value is the next word. */
  readonly valued?: readonly string[];
}

/** A command that installs. */
export interface Install {
  readonly run: Run;
  readonly command: Command;
  /** The word that says so: `install`. */
  readonly verb: Word;
  /** What is named, flags and their values left out. */
  readonly packages: readonly Word[];
}

export const APT: Installer = {
  programs: ['apt-get'],
  verbs: ['install'],
  valued: ['t', 'target-release', 'o', 'option', 'c', 'config-file'],
};
export const APK: Installer = {
  programs: ['apk'],
  verbs: ['add'],
  valued: ['t', 'virtual', 'repository', 'X', 'p', 'root', 'keys-dir'],
};
export const YUM: Installer = {
  programs: ['yum'],
  verbs: ['install'],
  valued: ['c', 'enablerepo', 'disablerepo', 'exclude', 'x', 'setopt', 'installroot'],
};
export const DNF: Installer = {
  programs: ['dnf', 'microdnf'],
  verbs: ['install'],
  valued: ['c', 'enablerepo', 'disablerepo', 'repo', 'exclude', 'x', 'setopt', 'installroot', 'releasever'],
};
export const ZYPPER: Installer = {
  programs: ['zypper'],
  verbs: ['install', 'in'],
  valued: ['t', 'type', 'from', 'r', 'repo'],
};

/** The commands of an installer, one for each that installs. */
export function installs(subject: LintSubject, installer: Installer): readonly Install[] {
  return commandsOf(subject).flatMap(({ run, command }): Install[] => {
    if (!installer.programs.includes(command.name)) return [];
    const words = operands(command, installer.valued);
    const at = words.findIndex(({ text }) => installer.verbs.includes(text));
    const verb = words[at];
    if (!verb) return [];
    return [{ run, command, verb, packages: words.filter((_, index) => index !== at) }];
  });
}

/** Names for a message: all of a few, the first of many. */
export function listed(words: readonly Word[]): string {
  const names = words.map(({ text }) => text);
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join('');
}

/** Whether a command has one of some flags, by letter or long name. */
export function hasAny(command: Command, flags: readonly string[]): boolean {
  const names = flagNames(command);
  return flags.some((flag) => names.includes(flag));
}
