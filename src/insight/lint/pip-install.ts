// `pip install` in its forms: pip, pip3, pip3.13, pipx, `python -m pip`.

import type { Install } from './package-installs.ts';
import { type Command, commandsOf, operands } from './run-commands.ts';
import type { LintSubject } from './subject.ts';

/** Flags of pip and pipx whose value is the next word. */
const VALUED = [
  'abi',
  'b',
  'build',
  'c',
  'cache-dir',
  'constraint',
  'e',
  'editable',
  'extra-index-url',
  'f',
  'find-links',
  'i',
  'implementation',
  'index-url',
  'no-binary',
  'only-binary',
  'platform',
  'prefix',
  'progress-bar',
  'proxy',
  'python',
  'python-version',
  'r',
  'requirement',
  'root',
  'root-user-action',
  'src',
  't',
  'target',
  'timeout',
  'trusted-host',
  'upgrade-strategy',
];

/** Commands that install Python packages. */
export function pipInstalls(subject: LintSubject): readonly Install[] {
  return commandsOf(subject).flatMap(({ run, command }): Install[] => {
    if (!isPip(command)) return [];
    const words = operands(command, VALUED);
    const at = words.findIndex(({ text }) => text === 'install');
    const verb = words[at];
    return verb ? [{ run, command, verb, packages: words.slice(at + 1) }] : [];
  });
}

function isPip({ name, args }: Command): boolean {
  if (name.startsWith('pip')) return !name.startsWith('pipenv');
  if (!name.startsWith('python')) return false;
  const module = args.findIndex(({ text }) => text === '-m');
  return module >= 0 && args[module + 1]?.text === 'pip';
}
