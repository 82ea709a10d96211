// What the flags of a build ask for.

import type { BuildOptions } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import { parseAnnotations } from './annotations.ts';
import { parseAttestations } from './attestations.ts';
import type { BUILD_FLAGS } from './build-flags.ts';
import { parseCacheSources, parseCacheTargets } from './caches.ts';
import { parseContexts } from './contexts.ts';
import { parseEntitlements } from './entitlements.ts';
import { asksForGitLabels, buildArguments, labels } from './environment.ts';
import { parseHosts } from './extra-hosts.ts';
import { leakOptions } from './leaks.ts';
import { parseLimits } from './limits.ts';
import { lockOptions } from './lock-flags.ts';
import { parseOutputs } from './outputs.ts';
import { chosenPlatforms } from './platforms.ts';
import { parseAgents, parseSecrets } from './secrets.ts';
import { checkSettled } from './settled-flags.ts';
import { refuseSourcePolicy } from './source-policy.ts';
import type { FlagValues, Host } from './spec.ts';

type Flags = FlagValues<typeof BUILD_FLAGS>;

const PULL_POLICIES = {
  true: 'always',
  always: 'always',
  false: 'missing',
  missing: 'missing',
  never: 'never',
  newer: 'newer',
} as const;

/** What a build is asked for, from its flags. @throws MilleError `usage` */
export function buildOptions(flags: Flags, context: string, host: Host): BuildOptions {
  if (context === '-' && flags.file === '-') {
    throw new MilleError('usage', 'the context and the Dockerfile cannot both come from standard input', {
      hint: "give the context's directory: mille build -f - DIRECTORY",
    });
  }
  if (context === '')
    throw new MilleError('usage', 'the context is empty', { hint: 'give a directory, often .' });
  checkSettled(flags);
  refuseSourcePolicy(host.env);
  const noCacheStages = flags['no-cache-filter'].flatMap((text) => text.split(',')).filter(Boolean);
  if (flags['no-cache'] && noCacheStages.length > 0) {
    throw new MilleError('usage', '--no-cache and --no-cache-filter cannot be given together', {
      hint: '--no-cache leaves the cache out for all stages: choose one',
    });
  }
  const buildArgs = buildArguments(flags['build-arg'], host.env);
  const epoch = sourceDateEpoch(buildArgs.SOURCE_DATE_EPOCH ?? host.env.SOURCE_DATE_EPOCH);
  const ca = flags.ca ?? (host.env.MILLE_CA || undefined);
  const annotations = parseAnnotations(flags.annotation);
  const attestations = parseAttestations(flags, host.env);
  const contexts = parseContexts(flags['build-context']);
  const secrets = parseSecrets(flags.secret, host.env);
  const leaks = leakOptions(flags.secrets, flags['secrets-allow'], host.env);
  const ssh = parseAgents(flags.ssh, host.env);
  const limits = parseLimits(flags);
  const extraHosts = parseHosts(flags['add-host']);
  const cacheFrom = parseCacheSources(flags['cache-from']);
  const cacheTo = parseCacheTargets(flags['cache-to']);
  const allow = parseEntitlements(flags.allow);
  const reproducible = flags.reproducible || epoch !== undefined;
  const outputs = parseOutputs(flags.output, {
    load: flags.load,
    push: flags.push,
    stdoutIsTerminal: host.terminal.stdout,
    reproducible,
  });
  return {
    context,
    ...(flags.pull === undefined ? {} : { pull: PULL_POLICIES[flags.pull] }),
    ...lockOptions(flags),
    ...(flags['registry-mirror'].length > 0 ? { registryMirrors: flags['registry-mirror'] } : {}),
    ...(cacheFrom.length > 0 ? { cacheFrom } : {}),
    ...(cacheTo.length > 0 ? { cacheTo } : {}),
    ...(flags.file === undefined ? {} : { dockerfile: flags.file }),
    ...(contexts.length > 0 ? { contexts } : {}),
    tags: flags.tag,
    buildArgs,
    // As with Docker, an empty one is none: scripts write it.
    ...(flags.target ? { target: flags.target } : {}),
    noCache: flags['no-cache'],
    ...(noCacheStages.length > 0 ? { noCacheStages } : {}),
    network: flags.network,
    labels: labels(flags.label),
    ...(asksForGitLabels(host.env) ? { gitLabels: true } : {}),
    ...(annotations.length > 0 ? { annotations } : {}),
    ...(attestations ? { attestations } : {}),
    ...(flags.squash ? { squash: true } : {}),
    ...(flags.verify ? { verify: true } : {}),
    platforms: chosenPlatforms(flags.platform, host.env),
    outputs,
    ...(ca === undefined ? {} : { ca }),
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(leaks.level === 'warn' && leaks.allow.length === 0 ? {} : { leaks }),
    ...(ssh.length > 0 ? { ssh } : {}),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(extraHosts.length > 0 ? { extraHosts } : {}),
    ...(allow.length > 0 ? { allow } : {}),
    reproducible,
    ...(epoch === undefined ? {} : { sourceDateEpoch: epoch }),
  };
}

/** SOURCE_DATE_EPOCH as reproducible-builds.org defines it; empty is the same as not set. */
function sourceDateEpoch(text: string | undefined): number | 'context' | undefined {
  if (text === undefined || text === '') return undefined;
  if (text === 'context') return text;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seconds)) return seconds;
  throw new MilleError('usage', `SOURCE_DATE_EPOCH can't be '${text}'`, {
    hint: 'it is a number of seconds since 1970, for example that of the last commit: $(git log -1 --format=%ct)',
  });
}
