// A build whose context, Dockerfile or both are fetched.

import { openRemoteContext, type RemoteContext, type RemoteSources } from '../../build/source/index.ts';
import { LIMITS, MilleError, redactUrls } from '../../core/index.ts';
import { isUrl, type RemoteAddress } from '../../lang/address/index.ts';
import { readStandardInput, workingDirectory } from '../../sys/index.ts';
import type { BuildOptions } from '../types.ts';
import type { BuildInput, InputServices } from './build-input.ts';
import {
  type DockerfileSource,
  decodeDockerfile,
  readBroughtDockerfile,
  readDockerfile,
} from './dockerfile-source.ts';
import { readTreeDockerfile } from './tree-dockerfile.ts';

/**
 * Fetches the context of a build, and finds its Dockerfile: in it, or where -f says.
 * @throws MilleError of fetching, `dockerfile-missing`, `usage`
 */
export async function readRemoteInput(
  services: InputServices,
  options: BuildOptions,
  address: RemoteAddress,
): Promise<BuildInput> {
  const context = await loadContext(services, options, address);
  try {
    const dockerfile = await dockerfileOf(services, options, context);
    const { name: contextName, modified, close } = context;
    const ignoreRules = () => undefined;
    return { dockerfile, contextName, ignoreRules, context: () => context, modified, close };
  } catch (error) {
    context.close();
    throw error;
  }
}

async function dockerfileOf(
  services: InputServices,
  { dockerfile }: BuildOptions,
  context: RemoteContext,
): Promise<DockerfileSource> {
  if (dockerfile === '-') {
    return { source: decodeDockerfile('Dockerfile', await readStandardInput(LIMITS.dockerfile)) };
  }
  if (dockerfile !== undefined && isUrl(dockerfile))
    return await fetchDockerfile(services.sources, dockerfile);
  // As with docker: a path from the root is one of this machine.
  if (dockerfile?.startsWith('/')) return await readDockerfile('', dockerfile, workingDirectory());
  if (context.kind !== 'file') return readTreeDockerfile(context.tree, dockerfile, context.name);
  if (dockerfile !== undefined) {
    throw new MilleError('usage', `${context.name} is a Dockerfile itself: -f cannot name another in it`, {
      hint: 'leave -f out, or give the address of an archive or a repository',
    });
  }
  return readBroughtDockerfile(context.file!, context.name);
}

/** Fetches a Dockerfile: `-f https://…`. @throws MilleError `network`, `dockerfile-syntax` for what is no text */
export async function fetchDockerfile(sources: RemoteSources, url: string): Promise<DockerfileSource> {
  const { path } = await sources.fetchFile({ url, limit: LIMITS.dockerfile });
  return readBroughtDockerfile(path, redactUrls(url));
}

const STEP = 'context';

/** The context is fetched before the plan is known: as a step before the others. */
async function loadContext(
  { sources, events }: InputServices,
  options: BuildOptions,
  address: RemoteAddress,
): Promise<RemoteContext> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const what = address.kind === 'git' ? 'git source' : 'remote build context';
  const shown = redactUrls(options.context);
  events({ type: 'step-started', step: STEP, title: `[internal] load ${what} ${shown}` });
  const report = (doing: string, done?: number, total?: number) =>
    events({
      type: 'step-progress',
      step: STEP,
      doing,
      ...(done === undefined ? {} : { done }),
      ...(total === undefined ? {} : { total }),
    });
  try {
    const context = await openRemoteContext(sources, address, {
      report,
      keepGitDir: isTrue(options.buildArgs.BUILDKIT_CONTEXT_KEEP_GIT_DIR),
      commitTimes: options.reproducible,
    });
    if (context.kind === 'git') report(`commit ${context.identity}`);
    const outcome = context.fromStore ? 'cached' : 'ran';
    events({ type: 'step-finished', step: STEP, outcome, seconds: seconds() });
    return context;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step: STEP, message, seconds: seconds() });
    throw error;
  }
}

/** As Go's strconv.ParseBool, which is what BuildKit asks. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && /^(?:1|t|T|TRUE|true|True)$/.test(text);
}
