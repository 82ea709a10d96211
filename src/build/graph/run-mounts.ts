// Mounts of RUN with their defaults filled in and their targets absolute.

import { cleanRelative, MilleError } from '../../core/index.ts';
import type { Mount, Word } from '../../lang/dockerfile/index.ts';
import type { FileSource, RunMount } from './step.ts';
import { joinClean } from './workdir.ts';

/** The mounts of one RUN: typed, with the words that gave them and the sources the plan found, in one order. */
export interface MountsOfRun {
  readonly mounts: readonly Mount[];
  readonly words: readonly Word[];
  readonly sources: readonly FileSource[];
  readonly workdir: string;
  /** Keeps cache mounts of several projects apart; '' for none. */
  readonly cacheNamespace: string;
}

/** @throws MilleError `dockerfile-syntax` for a mount without target, or onto the root. */
export function runMounts(run: MountsOfRun): readonly RunMount[] {
  let agents = 0;
  return run.mounts.map((mount, i) => {
    const planned: PlannedMount = {
      run,
      mount,
      word: run.words[i] as Word,
      from: run.sources[i] ?? { kind: 'scratch' },
      agent: mount.type === 'ssh' ? agents++ : agents,
    };
    return MAKERS[mount.type](planned);
  });
}

interface PlannedMount {
  readonly run: MountsOfRun;
  readonly mount: Mount;
  readonly word: Word;
  readonly from: FileSource;
  /** How many ssh mounts came before. */
  readonly agent: number;
}

/** How a mount of each type is made. */
const MAKERS: Readonly<Record<Mount['type'], (planned: PlannedMount) => RunMount>> = {
  bind: ({ run, mount, word, from }) => ({
    type: 'bind',
    target: targetOf(run, mount, word),
    from,
    path: cleanRelative(mount.source ?? ''),
    readOnly: mount.readOnly,
  }),
  tmpfs: ({ run, mount, word }) => ({
    type: 'tmpfs',
    target: targetOf(run, mount, word),
    size: mount.size,
    readOnly: mount.readOnly,
  }),
  cache: ({ run, mount, word, from }) => ({
    type: 'cache',
    target: targetOf(run, mount, word),
    id: cacheId(run, mount),
    sharing: mount.sharing ?? 'shared',
    from: mount.from ? from : { kind: 'scratch' },
    path: cleanRelative(mount.source ?? ''),
    mode: mount.mode ?? 0o755,
    uid: mount.uid ?? 0,
    gid: mount.gid ?? 0,
    readOnly: mount.readOnly,
  }),
  secret: ({ run, mount, word }) => secretMount(run, mount, word),
  ssh: ({ run, mount, word, agent }) => ({
    type: 'ssh',
    id: mount.id ?? 'default',
    target: targetOf(run, { ...mount, target: mount.target || `/run/buildkit/ssh_agent.${agent}` }, word),
    required: mount.required,
    mode: mount.mode ?? 0o600,
    uid: mount.uid ?? 0,
    gid: mount.gid ?? 0,
  }),
};

function cacheId(run: MountsOfRun, mount: Mount): string {
  const id = mount.id || cleanPath(mount.target ?? '');
  return run.cacheNamespace === '' ? id : `${run.cacheNamespace}/${id}`;
}

function cleanPath(path: string): string {
  return path.startsWith('/') ? joinClean('/', path) : cleanRelative(path) || '.';
}

function secretMount(run: MountsOfRun, mount: Mount, word: Word): RunMount {
  const id = mount.source || mount.id || baseOf(mount.target ?? '');
  const target = mount.target || (mount.env === undefined ? `/run/secrets/${baseOf(id)}` : '');
  return {
    type: 'secret',
    id,
    ...(target === '' ? {} : { target: targetOf(run, { ...mount, target }, word) }),
    ...(mount.env === undefined ? {} : { variable: mount.env || id }),
    required: mount.required,
    mode: mount.mode ?? 0o400,
    uid: mount.uid ?? 0,
    gid: mount.gid ?? 0,
  };
}

function baseOf(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? path;
}

/** Where it is mounted: at the working directory where it does not say. */
function targetOf(run: MountsOfRun, mount: Mount, word: Word): string {
  const target = absolute(run, mount.target ?? '');
  if (target !== '/') return target;
  const what = mount.target ? `cannot cover ${JSON.stringify(target)}` : 'has no target';
  throw new MilleError('dockerfile-syntax', `a mount of type ${mount.type} ${what}`, {
    hint: 'write --mount=…,target=/path',
    span: word.span,
  });
}

function absolute(run: MountsOfRun, target: string): string {
  return target.startsWith('/') ? joinClean('/', target) : joinClean(run.workdir, target);
}
