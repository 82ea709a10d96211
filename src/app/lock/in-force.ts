// The lock file that a build is held to: what it pins is taken as it says, nobody is asked. What it does not name is
// told, or with --locked refused, at the place that asks for it.

import { type Digest, displayPath, MilleError, type Span } from '../../core/index.ts';
import type { GitAddress } from '../../lang/address/index.ts';
import { parseReference } from '../../oci/image/index.ts';
import { fileKey, gitKey, imageKey, type LockedCommit, type LockFile } from './lock-file.ts';

/** An image that is asked for. */
export interface AskedImage {
  readonly reference: string;
  readonly span: Span;
}

/** What names are pinned to. */
export interface Pins {
  /** As messages call it: `mille.lock`. */
  readonly shown: string;
  /** The digest that stands for an image's tag. @throws MilleError `not-locked`, and those of whoever is asked */
  image(asked: AskedImage): Promise<Digest | undefined>;
  /** The content of a URL. */
  file(url: string): Digest | undefined;
  commit(address: GitAddress): LockedCommit | undefined;
}

/** A lock file in force. */
export interface LockInForce extends Pins {
  /** Whether what it does not name is an error. */
  readonly strict: boolean;
  /** Its place in the tree that the Dockerfile was found in, where that is no directory of this machine. */
  readonly inTree?: string;
  /** Images that it does not name, each with the first place that asks. */
  readonly others: ReadonlyMap<string, AskedImage>;
}

/** How a lock file is in force. */
export interface ForceOptions {
  readonly shown: string;
  readonly strict: boolean;
  readonly inTree?: string;
}

/** Holds to a lock file. */
export function forceLock(file: LockFile, { shown, strict, ...rest }: ForceOptions): LockInForce {
  const others = new Map<string, AskedImage>();
  return {
    shown,
    strict,
    ...rest,
    others,
    image: async (asked) => {
      const key = imageKey(asked.reference);
      if (key === undefined) return undefined;
      const pinned = file.images.get(key);
      if (pinned === undefined) {
        if (strict) throw notLocked(displayPath(asked.reference), shown, asked.span);
        if (!others.has(key)) others.set(key, asked);
      }
      return pinned;
    },
    file: (url) => file.files.get(fileKey(url)),
    commit: (address) => commitIn(file, address),
  };
}

/** What a lock file says of a branch or tag; nothing where the address wants another commit. */
export function commitIn({ git }: LockFile, address: GitAddress): LockedCommit | undefined {
  const key = gitKey(address);
  const found = key === undefined ? undefined : git.get(key);
  const { checksum = '' } = address;
  const fits = found?.commit.startsWith(checksum) || found?.tag?.startsWith(checksum);
  return fits ? found : undefined;
}

/** The error of --locked. */
export function notLocked(what: string, shown: string, span?: Span): MilleError {
  return new MilleError('not-locked', `${what} is not in ${displayPath(shown)}`, {
    hint: 'run `mille lock`, with the flags of the build, and look at what it changes; or build without --locked',
    ...(span ? { span } : {}),
  });
}

/** A reference that means what it is pinned to: the tag stays, for messages. */
export function pinnedReference(reference: string, digest: Digest): string {
  const { tag } = parseReference(reference);
  const name = reference.replace(/:[^/:]*$/, '');
  return `${name}:${tag}@${digest}`;
}
