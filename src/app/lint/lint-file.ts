// One Dockerfile, read and looked at with what the store knows of its base images and the context of its ignore file.

import { displayPath, LIMITS, MilleError, type SourceText } from '../../core/index.ts';
import { costsByLine, lintDockerfile, rankByCost, withCosts } from '../../insight/lint/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { isErrno, readNamedFile, readStandardInput, workingDirectory } from '../../sys/index.ts';
import { decodeLeniently } from '../build/dockerfile-source.ts';
import { storedConfig } from '../build/stored-image.ts';
import type { PastBuilds } from './past-builds.ts';
import { type ContextMemory, lookAround } from './surroundings.ts';
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
    return { name, bytes, source: decodeLeniently('-', bytes) };
  }
  const path = absolute(name);
  try {
    const bytes = await readNamedFile(path, LIMITS.dockerfile);
    return { name, path, bytes, source: decodeLeniently(name, bytes) };
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

/** What files of one run share. */
export interface LintRun {
  readonly store: Store;
  readonly request: LintRequest;
  readonly memory: ContextMemory;
  readonly past: PastBuilds;
}

/** Looks at a file, or at another text in its place. */
export function lintFile(
  { store, request, memory, past }: LintRun,
  { name, path, source }: Omit<ReadFile, 'bytes'>,
): LintedFile {
  const { buildArgs, target, platform, settings, context } = request;
  const surroundings = lookAround(
    source,
    {
      ...(path === undefined ? {} : { path, lastContext: () => past.contextOf(path) }),
      ...(context === undefined ? {} : { context: absolute(context) }),
    },
    memory,
  );
  const { diagnostics, error, missingImages, subject } = lintDockerfile(
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
  // As hadolint does it, nothing is known of builds.
  const costs = path === undefined || settings.hadolint ? [] : past.costsOf(path);
  if (costs.length === 0) return { name, source, diagnostics, missingImages };
  const costed = withCosts(diagnostics, costsByLine(subject.dockerfile, costs));
  const ranked = request.rank === 'cost' ? rankByCost(costed) : costed;
  return { name, source, diagnostics: ranked, missingImages };
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}
