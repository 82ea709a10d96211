// Labels of where an image comes from, as buildx puts them where BUILDX_GIT_LABELS asks for them: the commit that is checked
// out, where it was cloned from, and the Dockerfile in it. Nobody checks any of it.

import { type CheckoutFacts, readCheckout } from '../../build/source/index.ts';
import { cleanRelative } from '../../core/index.ts';
import { workingDirectory } from '../../sys/index.ts';
import { isContextDirectory } from '../lock/place.ts';
import type { BuildOptions } from '../types.ts';
import type { BuildInput } from './build-input.ts';
import { absoluteDirectory } from './directory-context.ts';

/** The options with these labels in the place of those of the same names, where they are asked for and git knows any. */
export async function withGitLabels(
  options: BuildOptions,
  { contextName, dockerfile }: Pick<BuildInput, 'contextName' | 'dockerfile'>,
  signal: AbortSignal,
): Promise<BuildOptions> {
  if (!options.gitLabels || !isContextDirectory(options.context)) return options;
  const checkout = await readCheckout(contextName, signal);
  if (!checkout) return options;
  const path = dockerfile.path && absoluteDirectory(dockerfile.path, workingDirectory());
  return { ...options, labels: { ...options.labels, ...gitLabels(checkout, { contextName, path }) } };
}

/** @param places absolute: the context, and the Dockerfile where it is a file of this machine */
export function gitLabels(
  { revision, remote, directory }: CheckoutFacts,
  { contextName, path }: { readonly contextName: string; readonly path?: string | undefined },
): Record<string, string> {
  const below = directory === '.' ? '' : `/${directory}`;
  const top = contextName.endsWith(below)
    ? contextName.slice(0, contextName.length - below.length).replace(/\/$/, '')
    : undefined;
  const clean = path === undefined ? undefined : `/${cleanRelative(path)}`;
  const entrypoint =
    top !== undefined && clean?.startsWith(`${top}/`) ? clean.slice(top.length + 1) : undefined;
  return {
    ...(entrypoint === undefined ? {} : { 'com.docker.image.source.entrypoint': entrypoint }),
    ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
    ...(remote === undefined ? {} : { 'org.opencontainers.image.source': remote }),
  };
}
