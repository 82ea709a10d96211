// What rules about versions share: a finding for each command that installs something without saying which version.

import { listed } from './package-installs.ts';
import type { Finding } from './rule.ts';
import { aboutWords, type Command, type Run, type Word } from './run-commands.ts';

/** A finding about the packages whose version is left open; none where there are none. */
export function unpinned(
  { run, packages }: { readonly run: Run; readonly command: Command; readonly packages: readonly Word[] },
  isPinned: (name: string) => boolean,
): readonly Finding[] {
  const open = packages.filter(({ text }) => !isPinned(text));
  if (open.length === 0) return [];
  const what = open.length === 1 ? 'the version' : 'the versions';
  return [aboutWords(run, `${what} of ${listed(open)} ${open.length === 1 ? 'is' : 'are'} left open`, open)];
}
