// Which distribution an image is of: os-release (its manual page of systemd), variables in the shell's quoting.

import { word } from './types.ts';

/** A distribution. */
export interface SystemName {
  /** `debian`; `linux` where the file says nothing, as its manual has it. */
  readonly id: string;
  /** `12`; absent for what rolls. */
  readonly version?: string;
  readonly codename?: string;
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly name?: string;
}

/** Where it lies, the first that is there counting. */
export const OS_RELEASE_PATHS = ['etc/os-release', 'usr/lib/os-release'] as const;

/** Reads an os-release file. */
export function readOsRelease(text: string): SystemName {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([A-Z0-9_]+)=(.*)$/.exec(line);
    if (match) values.set(match[1]!, unquote(match[2]!.trim()));
  }
  const value = (name: string) => word(values.get(name));
  const [version, codename, name] = [value('VERSION_ID'), value('VERSION_CODENAME'), value('PRETTY_NAME')];
  return {
    id: value('ID')?.toLowerCase() ?? 'linux',
    ...(version === undefined ? {} : { version }),
    ...(codename === undefined ? {} : { codename }),
    ...(name === undefined ? {} : { name }),
  };
}

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (!quoted) return text;
  return quoted[1] === '"' ? quoted[2]!.replace(/\\(["$`\\])/g, '$1') : quoted[2]!;
}
