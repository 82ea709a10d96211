// What a build reads: context and Dockerfile, each from the disk, from standard input, or from elsewhere.

import { type BuildContext, readIgnoreRules } from '../../build/context/index.ts';
import type { RemoteSources } from '../../build/source/index.ts';
import { displayPath, type EventSink, LIMITS, MilleError, redactUrls } from '../../core/index.ts';
import { isUrl, remoteAddress } from '../../lang/address/index.ts';
import type { IgnoreRules } from '../../lang/ignore/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, readStandardInput, statAt, workingDirectory } from '../../sys/index.ts';
import { lockPlace } from '../lock/place.ts';
import type { BuildOptions } from '../types.ts';
import { absoluteDirectory, openDirectoryContext } from './directory-context.ts';
import { type DockerfileSource, decodeDockerfile, readDockerfile } from './dockerfile-source.ts';
import { fetchDockerfile, readRemoteInput } from './remote-input.ts';
import { readStandardInputContext } from './standard-input.ts';

/** The sources of a build. */
export interface BuildInput {
  readonly dockerfile: DockerfileSource;
  /** What names the context in records: an absolute path, an address, or '-'. */
  readonly contextName: string;
  /** What the context's ignore file says; none is used for what is fetched. @throws MilleError `file-format` */
  ignoreRules(): IgnoreRules | undefined;
  /** Opens the context, once; one that is a directory is read only as far as steps ask. */
  context(): BuildContext;
  /** The time of the context itself, seconds since the epoch, where it has one. */
  modified?(): Promise<number | undefined>;
  /** Ends the context, if it was opened. */
  close(): void;
}

/** What reading needs. */
export interface InputServices {
  readonly store: Store;
  readonly sources: RemoteSources;
  /** Told of what is fetched. */
  readonly events: EventSink;
}

/**
 * Finds Dockerfile and context.
 * @throws MilleError `dockerfile-missing`, `context-missing`, `usage` where both would be standard input; and those of
 * fetching
 */
export async function readBuildInput(services: InputServices, options: BuildOptions): Promise<BuildInput> {
  if (options.context === '-') {
    if (options.dockerfile === '-') {
      throw new MilleError('usage', 'context and Dockerfile cannot both come from standard input', {
        hint: "give a directory as context, or leave '-f -' out and pipe a tar archive that holds the Dockerfile",
      });
    }
    return await readStandardInputContext(services, options);
  }
  const here = workingDirectory();
  const directory = absoluteDirectory(options.context, here);
  // A directory of that name goes first, as with docker.
  if (statAt(CWD, `${directory}/.`)?.type === 'dir') return await readDirectory(services, options, directory);
  const address = remoteAddress(options.context);
  if (address) return await readRemoteInput(services, options, address);
  throw noContext(options.context, directory);
}

async function readDirectory(
  { store, sources }: InputServices,
  options: BuildOptions,
  directory: string,
): Promise<BuildInput> {
  const dockerfile = await dockerfileBeside(sources, options, directory);
  const ofDockerfile = dockerfile.path === undefined ? {} : { dockerfile: dockerfile.path };
  let read: { readonly rules: IgnoreRules | undefined } | undefined;
  const rules = () => {
    read ??= { rules: readIgnoreRules(directory, ofDockerfile) };
    return read.rules;
  };
  const lock = lockWithin(options, directory);
  const context = openOnce(() => openDirectoryContext(store, directory, { rules, ...lock }));
  return {
    dockerfile,
    contextName: directory,
    ignoreRules: rules,
    context: context.get,
    close: context.close,
  };
}

/** The lock file, where it lies in the context: it is no part of what COPY can take, unless an ignore file lets it in. */
function lockWithin(options: BuildOptions, directory: string): { readonly hidden?: string } {
  const path = lockPlace(options)?.path;
  const inside = path?.startsWith(`${directory === '/' ? '' : directory}/`);
  return path && inside && statAt(CWD, path) ? { hidden: path.slice(directory.length + 1) } : {};
}

async function dockerfileBeside(
  sources: RemoteSources,
  { dockerfile }: BuildOptions,
  directory: string,
): Promise<DockerfileSource> {
  if (dockerfile === '-')
    return { source: decodeDockerfile('Dockerfile', await readStandardInput(LIMITS.dockerfile)) };
  if (dockerfile !== undefined && isUrl(dockerfile)) return await fetchDockerfile(sources, dockerfile);
  return await readDockerfile(directory, dockerfile, workingDirectory());
}

function noContext(given: string, directory: string): MilleError {
  const exists = statAt(CWD, directory) !== undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given)?.[1];
  return new MilleError(
    'context-missing',
    exists
      ? `the build context '${displayPath(given)}' is not a directory`
      : `no such directory: '${displayPath(redactUrls(given))}'`,
    {
      hint:
        scheme === undefined
          ? "the last argument is the directory whose files COPY can use, often '.'"
          : `a context is fetched by https, http, ssh or git, not by ${scheme}`,
    },
  );
}

function openOnce(open: () => BuildContext): {
  readonly get: () => BuildContext;
  readonly close: () => void;
} {
  let opened: BuildContext | undefined;
  return {
    get: () => {
      opened ??= open();
      return opened;
    },
    close: () => opened?.close(),
  };
}
