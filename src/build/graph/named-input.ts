// A step's key is the hash of a list of named inputs (design, idea 4). Here are the ones that are known before the
// step runs; the executor adds the content of its parent, and for COPY and ADD one input a file. Left out are the
// things that must not cause a rebuild: proxies, secrets' values, extra hosts, limits.

import { formatPlatform } from '../../oci/image/index.ts';
import type { AddSource, AddStep, CopyStep, RunMount, RunStep, Step, WorkdirStep } from './step.ts';

/**
 * What an input is. `parent` is the content of the stack of layers below; `file` a file that is read, named by its
 * path; `source` an image or stage as a whole, where a step depends on all of it; `commit` that of a git repository.
 */
export type InputKind =
  | 'instruction'
  | 'argument'
  | 'environment'
  | 'workdir'
  | 'user'
  | 'network'
  | 'security'
  | 'mount'
  | 'option'
  | 'platform'
  | 'parent'
  | 'source'
  | 'commit'
  | 'file';

/** One thing that a step depends on. Kind and name together are unique in a list. */
export interface NamedInput {
  readonly kind: InputKind;
  readonly name: string;
  readonly value: string;
}

/** The inputs of a step that do not depend on any file. */
export function staticInputs(step: Step): readonly NamedInput[] {
  switch (step.kind) {
    case 'run':
      return runInputs(step);
    case 'copy':
    case 'add':
      return transferInputs(step);
    case 'workdir':
      return workdirInputs(step);
  }
}

/** The platform counts for what is executed: files are copied alike for all. */
function runInputs(step: RunStep): NamedInput[] {
  return [
    { kind: 'platform', name: '', value: formatPlatform(step.platform) },
    { kind: 'instruction', name: 'RUN', value: JSON.stringify([step.argv, step.script?.content ?? null]) },
    ...step.environment.map(
      ({ name, value, origin }): NamedInput => ({
        kind: origin === 'argument' ? 'argument' : 'environment',
        name,
        value,
      }),
    ),
    { kind: 'workdir', name: '', value: step.workdir },
    { kind: 'user', name: '', value: step.user },
    { kind: 'network', name: '', value: step.network },
    { kind: 'security', name: '', value: step.security },
    ...option('BUILDKIT_SANDBOX_HOSTNAME', step.hostname),
    ...step.devices.map((device, i): NamedInput => ({ kind: 'option', name: `device ${i}`, value: device })),
    ...step.mounts.map(
      (mount, i): NamedInput => ({
        kind: 'mount',
        name: `${i} ${mountName(mount)}`,
        value: mountValue(mount),
      }),
    ),
  ];
}

function mountName(mount: RunMount): string {
  return mount.target ?? (mount.type === 'secret' ? (mount.variable ?? mount.id) : '');
}

/** The layout of a mount. What it holds is no part: secrets and caches never are, and binds are `file` inputs. */
function mountValue(mount: RunMount): string {
  switch (mount.type) {
    case 'bind':
      return JSON.stringify(['bind', mount.path, mount.readOnly]);
    case 'cache':
      return JSON.stringify(['cache', mount.id, mount.readOnly]);
    case 'tmpfs':
      return JSON.stringify(['tmpfs', mount.size, ...(mount.readOnly ? ['ro'] : [])]);
    case 'secret':
    case 'ssh': {
      const variable = mount.type === 'secret' ? (mount.variable ?? '') : '';
      return JSON.stringify([mount.type, mount.id, variable, mount.mode, mount.uid, mount.gid]);
    }
  }
}

/** Only what is written in the instruction, expanded: no variable of the environment is an input of its own. */
function transferInputs(step: CopyStep | AddStep): NamedInput[] {
  const name = step.kind.toUpperCase();
  const sources = step.sources.map((source) => (typeof source === 'string' ? source : sourceText(source)));
  const inputs: NamedInput[] = [
    { kind: 'instruction', name, value: JSON.stringify([sources, step.destination]) },
    ...option('chown', step.chown),
    ...option('chmod', step.chmod),
    ...option('link', step.link ? 'true' : undefined),
    ...step.exclude.map(
      (pattern, i): NamedInput => ({ kind: 'option', name: `exclude ${i}`, value: pattern }),
    ),
    ...step.inlineFiles.map(
      (file): NamedInput => ({ kind: 'file', name: `<<${file.name}`, value: file.content }),
    ),
  ];
  if (step.kind === 'copy') return [...inputs, ...option('parents', step.parents ? 'true' : undefined)];
  return [...inputs, ...option('checksum', step.checksum), ...option('unpack', step.unpack?.toString())];
}

/** A repository is no part of the instruction: its commit is an input, and what it is named does not matter. */
function sourceText(source: AddSource): string {
  if (source.kind === 'git') return 'git';
  return source.kind === 'local' ? source.path : source.url;
}

function option(name: string, value: string | undefined): NamedInput[] {
  return value === undefined ? [] : [{ kind: 'option', name, value }];
}

function workdirInputs(step: WorkdirStep): NamedInput[] {
  return [
    { kind: 'instruction', name: 'WORKDIR', value: step.path },
    { kind: 'user', name: '', value: step.user },
  ];
}
