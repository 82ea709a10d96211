// ADD of what is fetched: a URL, whose file is fetched to know its digest, and a git repository, of which the commit
// alone is asked for until its files are needed.

import { isDigest, MilleError, redactUrls } from '../../core/index.ts';
import { openDirectoryTree } from '../context/index.ts';
import { type AddSource, type AddStep, gitInputs, type NamedInput } from '../graph/index.ts';
import { fileTree } from '../source/index.ts';
import { timeFacts } from './clamped-time.ts';
import { reporter } from './reporter.ts';
import { type Selection, selectSources } from './select-sources.ts';
import type { ExecuteServices } from './services.ts';

/** A source that was found. */
export interface FoundRemote {
  readonly inputs: readonly NamedInput[];
  /** Its files; for a repository they are checked out only now. */
  open(): Promise<OpenRemote>;
  /** The same where it is in the context: what is fetched says less before it is opened. */
  readonly selections?: readonly Selection[];
}

/** The files of a source, until closed. */
export interface OpenRemote {
  readonly selections: readonly Selection[];
  close(): void;
}

/**
 * Fetches the file of a URL.
 * @throws MilleError `network`, or `digest-mismatch` where --checksum names another content.
 */
export async function findUrl(
  services: ExecuteServices,
  step: AddStep,
  source: Extract<AddSource, { kind: 'url' }>,
): Promise<FoundRemote> {
  const { checksum } = step;
  if (checksum !== undefined && !isDigest(checksum)) {
    throw new MilleError('digest-invalid', `--checksum '${checksum}' is not a sha256 digest`, {
      hint: 'write sha256: and 64 hexadecimal digits',
    });
  }
  const file = await services.sources.fetchFile({
    url: source.url,
    ...(checksum === undefined ? {} : { expected: checksum }),
    report: reporter(services, step.id),
  });
  const name = source.fileName !== '' ? source.fileName : (file.fileName ?? '__unnamed__');
  const { tree, entry } = fileTree(file, name);
  // A name that only the server knows, and a time that is kept, are part of the result as well.
  const { time } = timeFacts(services, entry);
  const told = [...(source.fileName === '' ? [name] : []), ...(time === undefined ? [] : [`@${time}`])];
  const selection = { tree, name, path: source.url, root: entry, keepsOwner: false, below: [] };
  return {
    inputs: [{ kind: 'file', name: redactUrls(source.url), value: [file.digest, ...told].join(' ') }],
    open: async () => ({ selections: [selection], close: () => {} }),
  };
}

/**
 * Finds the commit of a repository.
 * @param given.index which source of the step it is
 * @throws MilleError `ref-missing`, `digest-mismatch`, `network`
 */
export async function findGit(
  services: ExecuteServices,
  step: AddStep,
  given: {
    readonly source: Extract<AddSource, { kind: 'git' }>;
    readonly index: number;
    /** Leaves out paths, for --exclude. */
    readonly excludes?: (path: string) => boolean;
  },
): Promise<FoundRemote> {
  const { sources } = services;
  const report = reporter(services, step.id);
  const found = await sources.findCommit(given.source.address, report);
  const { address, object, refName } = found;
  const commit = { commit: object, ...(refName === undefined ? {} : { refName }) };
  return {
    inputs: gitInputs(address, commit, given.index),
    open: async () => {
      const checkout = await sources.checkOut(found, { report });
      const tree = openDirectoryTree(checkout.directory);
      const close = () => {
        tree.close();
        checkout.close();
      };
      const { excludes } = given;
      const origin = 'the repository';
      return {
        selections: selectSources({ tree, path: '', origin, ...(excludes ? { excludes } : {}) }),
        close,
      };
    },
  };
}
