// Whether a base without a shell would do: nothing runs on it while the image is built, and nothing that the image starts
// asks for one.

import type { Family } from '../../tags/index.ts';
import type { KnownImage } from './types.ts';

/** What is done on a base that a shell is for. */
export interface ShellUse {
  /** RUN, in whatever form, on any stage that stands on it. */
  readonly runs: boolean;
  /** CMD, ENTRYPOINT or HEALTHCHECK as a text, or one that names a shell. */
  readonly starts: boolean;
  /** A command of its own: what the base starts may be a script. */
  readonly ownCommand: boolean;
}

/** Debian's own Python, by release: an image with another one is not what packages make. */
const PYTHON: Readonly<Record<string, string>> = { '11': '3.9', '12': '3.11', '13': '3.13' };

/** What would do instead, in a sentence; undefined where the base has its reasons. */
export function withoutShell(image: KnownImage, use: ShellUse, family: Family): string | undefined {
  if (use.runs || use.starts || !use.ownCommand) return undefined;
  const { distribution } = image;
  const said = 'no command runs on it, and what the image starts asks for no shell';
  if (family.distribution === 'alpine')
    return `${said}: if its programs are linked statically (Go with CGO_ENABLED=0, Rust for musl), FROM scratch would do, or mille bootstrap --profile distroless`;
  if (distribution?.name !== 'debian' && distribution?.name !== 'ubuntu') return undefined;
  const suite = distribution.codename;
  if (suite === undefined) return undefined;
  const make = (packages: string) =>
    `${said}: a base without one would do, made by mille bootstrap ${distribution.name}:${suite} --profile distroless --include ${packages}`;
  if (family.distribution !== undefined) return make('ca-certificates');
  const own = distribution.name === 'debian' ? PYTHON[distribution.release ?? ''] : undefined;
  if (family.product === 'python' && image.line !== undefined && image.line === own)
    return make('python3,ca-certificates');
  return undefined;
}
