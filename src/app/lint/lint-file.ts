// One Dockerfile, read and looked at with what the store knows of its base images and the context of its ignore file.

import { readIgnoreRules } from '../../build/context/index.ts';
import { displayPath, LIMITS, MilleError, type SourceText } from '../../core/index.ts';
import { type LintInput, lintDockerfile } from '../../insight/lint/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { CWD, isErrno, readNamedFile, readStandardInput, statAt, workingDirectory } from '../../sys/index.ts';
import { decodeDockerfile } from '../build/dockerfile-source.ts';
import { storedConfig } from '../build/stored-image.ts';
import { readContextFacts } from './context-facts.ts';
import type { LintedFile, LintRequest } from './types.ts';

/** A file as it was read. */
export interface ReadFile {
  readonly name: string;
  /** Absolute; absent for standard input. */
  readonly path?: string;
  readonly bytes: Uint8Array;
  readonly source: SourceText;
}

/** Reads a file. @throws MilleError `dockerfile-missing`, `dockerfile-syntax` for what is no text */
export async function readFile(name: string): Promise<ReadFile> {
  if (name === '-') {
    const bytes = await readStandardInput(LIMITS.dockerfile);
    return { name, bytes, source: decodeDockerfile('-', bytes) };
  }
  const path = absolute(name);
  try {
    const bytes = await readNamedFile(path, LIMITS.dockerfile);
    return { name, path, bytes, source: decodeDockerfile(name, bytes) };
  } catch (error) {
    if (isErrno(error, 'EFBIG')) {
      throw new MilleError(
        'dockerfile-syntax',
        `${displayPath(name)} is larger than ${LIMITS.dockerfile} bytes`,
        { hint: 'a Dockerfile is a text; is this one?' },
      );
    }
    throw error;
  }
}

/** Looks at a file, or at another text in its place. */
export function lintFile(
  store: Store,
  { name, path, source }: Omit<ReadFile, 'bytes'>,
  request: LintRequest,
): LintedFile {
  const { buildArgs, target, platform, settings } = request;
  const surroundings = lookAround(path, source, request);
  const { diagnostics, error, missingImages } = lintDockerfile(
    {
      source,
      options: {
        buildArgs,
        hostPlatform: hostPlatform(),
        ...(target === undefined ? {} : { target }),
        ...(platform === undefined ? {} : { platform }),
      },
      image: ({ reference }) => storedConfig(store, reference),
      ...surroundings,
    },
    settings,
  );
  // Without a place it is not about the file, but about what was asked for.
  if (error) throw error;
  return { name, source, diagnostics, missingImages };
}

/** The ignore file, and what lies in the context where something of it is copied. */
function lookAround(
  path: string | undefined,
  { text }: SourceText,
  { context }: LintRequest,
): Pick<LintInput, 'ignore' | 'context'> {
  const beside = path === undefined ? undefined : path.slice(0, Math.max(1, path.lastIndexOf('/')));
  const directory = context === undefined ? beside : absolute(context);
  // Of a text alone nobody knows what it is to be built with.
  if (directory === undefined) return {};
  const rules = readIgnoreRules(directory, path === undefined ? {} : { dockerfile: path });
  const ignore = rules ? { ignore: rules } : {};
  if (!/^[ \t]*(?:copy|add|onbuild)\b/im.test(text)) return ignore;
  const facts = readContextFacts({ directory, rules, ignoreFile: ignoreFileOf(path, directory) });
  return { ...ignore, ...(facts ? { context: facts } : {}) };
}

/** The ignore file as people are to read it: one of the Dockerfile's own counts where it is there. */
function ignoreFileOf(path: string | undefined, directory: string): string {
  const own = `${path}.dockerignore`;
  const found = path !== undefined && statAt(CWD, own) ? own : `${directory}/.dockerignore`;
  const here = `${workingDirectory()}/`;
  return found.startsWith(here) ? found.slice(here.length) : found;
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}
