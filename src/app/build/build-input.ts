// What a build reads: context and Dockerfile, each from the disk or from standard input.

import { type BuildContext, readIgnoreRules } from '../../build/context/index.ts';
import { memoryTree } from '../../build/execute/index.ts';
import { displayPath, LIMITS, MilleError } from '../../core/index.ts';
import type { IgnoreRules } from '../../lang/ignore/index.ts';
import type { FileTree } from '../../oci/image/index.ts';
import { isTarArchive, openTarTree } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import {
  CWD,
  readSmallFile,
  readStandardInput,
  spoolStandardInput,
  statAt,
  workingDirectory,
} from '../../sys/index.ts';
import type { BuildOptions } from '../types.ts';
import { absoluteDirectory, openDirectoryContext } from './directory-context.ts';
import { type DockerfileSource, decodeDockerfile, readDockerfile } from './dockerfile-source.ts';

/** The sources of a build. */
export interface BuildInput {
  readonly dockerfile: DockerfileSource;
  /** What names the context in records: an absolute path, or '-'. */
  readonly contextName: string;
  /** What the context's ignore file says. @throws MilleError `file-format` */
  ignoreRules(): IgnoreRules | undefined;
  /** Opens the context; one that is a directory is read only as far as steps ask. */
  context(): BuildContext;
}

/**
 * Finds Dockerfile and context.
 * @throws MilleError `dockerfile-missing`, `context-missing`, `usage` where both would be standard input.
 */
export async function readBuildInput(store: Store, options: BuildOptions): Promise<BuildInput> {
  if (options.context === '-') {
    if (options.dockerfile === '-') {
      throw new MilleError('usage', 'context and Dockerfile cannot both come from standard input', {
        hint: "give a directory as context, or leave '-f -' out and pipe a tar archive that holds the Dockerfile",
      });
    }
    return await fromStandardInput(store, options);
  }
  const here = workingDirectory();
  const directory = absoluteDirectory(options.context, here);
  checkDirectory(options.context, directory);
  const dockerfile =
    options.dockerfile === '-'
      ? { source: decodeDockerfile('Dockerfile', await readStandardInput(LIMITS.dockerfile)) }
      : readDockerfile(directory, options.dockerfile, here);
  const ofDockerfile = dockerfile.path === undefined ? {} : { dockerfile: dockerfile.path };
  return {
    dockerfile,
    contextName: directory,
    ignoreRules: () => readIgnoreRules(directory, ofDockerfile),
    context: once(() => openDirectoryContext(store, directory, ofDockerfile)),
  };
}

function checkDirectory(given: string, directory: string): void {
  const found = statAt(CWD, `${directory}/.`);
  if (found?.type === 'dir') return;
  if (/^(https?|git|ssh):\/\/|^git@|\.git(#|$)/.test(given)) {
    throw new MilleError('usage', `a URL as build context is not supported yet: ${given}`, {
      hint: 'clone or download it, and give the directory',
    });
  }
  const exists = statAt(CWD, directory) !== undefined;
  throw new MilleError(
    'context-missing',
    exists
      ? `the build context '${displayPath(given)}' is not a directory`
      : `no such directory: '${displayPath(given)}'`,
    { hint: "the last argument is the directory whose files COPY can use, often '.'" },
  );
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A tar archive is context and Dockerfile; anything else is a Dockerfile without a context. */
async function fromStandardInput(store: Store, options: BuildOptions): Promise<BuildInput> {
  const temporary = store.makeTemporary('context');
  const path = `${temporary.path}/stdin`;
  await spoolStandardInput(path);
  if (statAt(CWD, path)?.size === 0) {
    throw new MilleError('dockerfile-empty', 'standard input is empty', {
      hint: "pipe a Dockerfile or a tar of the context into `mille build -`, or write '.' for this directory",
    });
  }
  if (!(await isTarArchive(path))) {
    const source = decodeDockerfile('Dockerfile', readSmallFile(CWD, path, LIMITS.dockerfile));
    const tree = memoryTree([]);
    return {
      dockerfile: { source },
      contextName: '-',
      ignoreRules: () => undefined,
      context: () => ({ tree, explainMissing: () => EMPTY, close() {} }),
    };
  }
  const tree = await openTarTree(path, temporary.path);
  const context = { tree, explainMissing: () => undefined, close: () => tree.close() };
  const names = options.dockerfile === undefined ? ['Dockerfile', 'dockerfile'] : [options.dockerfile];
  const name = names.find((candidate) => tree.get(candidate)?.type === 'file');
  if (name === undefined) {
    throw new MilleError('dockerfile-missing', `no ${names[0]} in the archive on standard input`, {
      hint: 'the archive must hold the Dockerfile at its top, or -f must name it',
    });
  }
  return {
    dockerfile: { source: decodeDockerfile(name, readTreeFile(tree, name)) },
    contextName: '-',
    ignoreRules: () => undefined,
    context: () => context,
  };
}

const EMPTY = 'the Dockerfile came from standard input, so there is no context';

function readTreeFile(tree: FileTree, path: string): Uint8Array {
  const size = tree.get(path)?.size ?? 0;
  if (size > LIMITS.dockerfile)
    throw new MilleError('dockerfile-syntax', `${path} is larger than ${LIMITS.dockerfile} bytes`);
  const bytes = new Uint8Array(size);
  const reader = tree.open(path);
  try {
    let length = 0;
    for (let n = reader.read(bytes); n > 0; n = reader.read(bytes.subarray(length))) length += n;
    return bytes.subarray(0, length);
  } finally {
    reader.close();
  }
}
