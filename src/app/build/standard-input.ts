// A context on standard input: a tar archive is context and Dockerfile; anything else is a Dockerfile without a
// context.

import { memoryTree } from '../../build/execute/index.ts';
import type { RemoteSources } from '../../build/source/index.ts';
import { MilleError } from '../../core/index.ts';
import { isUrl } from '../../lang/address/index.ts';
import { isTarArchive, openTarTree } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, spoolStandardInput, statAt } from '../../sys/index.ts';
import type { BuildOptions } from '../types.ts';
import type { BuildInput } from './build-input.ts';
import { readBroughtDockerfile } from './dockerfile-source.ts';
import { fetchDockerfile } from './remote-input.ts';
import { readTreeDockerfile } from './tree-dockerfile.ts';

/** Reads standard input to its end. @throws MilleError `dockerfile-empty`, `dockerfile-missing`, `usage` */
export async function readStandardInputContext(
  { store, sources }: { readonly store: Store; readonly sources: RemoteSources },
  options: BuildOptions,
): Promise<BuildInput> {
  const temporary = store.makeTemporary('context');
  const path = `${temporary.path}/stdin`;
  await spoolStandardInput(path);
  if (statAt(CWD, path)?.size === 0) {
    throw new MilleError('dockerfile-empty', 'standard input is empty', {
      hint: "pipe a Dockerfile or a tar of the context into `mille build -`, or write '.' for this directory",
    });
  }
  if (!(await isTarArchive(path))) return dockerfileAlone(path, options);
  const tree = await openTarTree(path, temporary.path, { followLinks: true });
  // As with Docker: the owners in an archive are meant.
  const context = { tree, keepsOwner: true, explainMissing: () => undefined, close: tree.close };
  const { dockerfile: given } = options;
  const dockerfile =
    given !== undefined && isUrl(given)
      ? await fetchDockerfile(sources, given)
      : readTreeDockerfile(tree, given, 'the archive on standard input');
  return { dockerfile, contextName: '-', ignoreRules: none, context: () => context, close: tree.close };
}

function dockerfileAlone(path: string, { dockerfile }: BuildOptions): BuildInput {
  if (dockerfile !== undefined) {
    throw new MilleError('usage', 'standard input is a Dockerfile, and -f names another', {
      hint: 'leave -f out, or pipe a tar archive of the context',
    });
  }
  const source = readBroughtDockerfile(path, 'Dockerfile');
  const context = { tree: memoryTree([]), explainMissing: () => EMPTY, close: () => {} };
  return { dockerfile: source, contextName: '-', ignoreRules: none, context: () => context, close: none };
}

const none = () => undefined;

const EMPTY = 'the Dockerfile came from standard input, so there is no context';
