// RUN as a definition tells it: the process, its environment, its mounts. The value of a variable that is named like a
// secret is not told, and of secrets never more than the id.

import type { RunMount, RunStep } from '../../build/graph/index.ts';
import { type DescribedOp, type Describer, sourceOutput } from './describer.ts';

const HIDDEN = '****';

/** Types of mounts, as BuildKit numbers them; a bind has none. */
const MOUNTS = { secret: 1, ssh: 2, cache: 3, tmpfs: 4 } as const;
/** The same of networks. */
const NETWORKS = { default: 1, host: 1, none: 2 } as const;

/** Describes a command. */
export function execOf(describer: Describer, step: RunStep, below: string | undefined): DescribedOp {
  const { input } = describer;
  const inputs = below === undefined ? [] : [below];
  const root = below === undefined ? { input: -1, dest: '/' } : { dest: '/' };
  const mounts: object[] = [root];
  if (step.script) {
    inputs.push(scriptOutput(describer, step.script));
    mounts.push({
      input: inputs.length - 1,
      selector: '/',
      dest: '/dev/pipes/',
      output: -1,
      readonly: true,
    });
  }
  for (const mount of step.mounts) {
    const described = mountOf(describer, { mount, step }, inputs);
    if (described) mounts.push(described);
  }
  const variables = step.mounts.flatMap((mount) =>
    mount.type === 'secret' && mount.variable !== undefined
      ? [{ ID: mount.id, name: mount.variable, ...optional(mount.required) }]
      : [],
  );
  const env = step.environment.map(
    ({ name, value }) => `${name}=${input.hides(name) && value !== '' ? HIDDEN : value}`,
  );
  return {
    inputs,
    op: {
      exec: {
        meta: {
          args: step.argv,
          ...(env.length > 0 ? { env } : {}),
          cwd: step.workdir,
          ...(step.user === '' ? {} : { user: step.user }),
          ...(step.hostname === undefined ? {} : { hostname: step.hostname }),
        },
        mounts,
        network: NETWORKS[step.network],
        ...(step.security === 'insecure' ? { security: 1 } : {}),
        ...(variables.length > 0 ? { secretenv: variables } : {}),
      },
    },
  };
}

function scriptOutput(
  { input, writer }: Describer,
  { name, content }: NonNullable<RunStep['script']>,
): string {
  const mkfile = { path: `/${name}`, mode: 0o755, data: input.encode(content), timestamp: -1 };
  return writer.add(
    { file: { actions: [{ input: -1, secondaryInput: -1, output: 0, Action: { mkfile } }] } },
    {},
  );
}

function mountOf(
  describer: Describer,
  { mount, step }: { readonly mount: RunMount; readonly step: RunStep },
  inputs: string[],
): object | undefined {
  const dest = mount.target;
  if (dest === undefined) return undefined;
  if (mount.type === 'bind' || mount.type === 'cache') {
    const from = sourceOutput(describer, mount.from, step.platform);
    const place =
      from === undefined ? -1 : inputs.includes(from) ? inputs.indexOf(from) : inputs.push(from) - 1;
    return {
      input: place,
      ...(mount.path === '' ? {} : { selector: `/${mount.path}` }),
      dest,
      output: -1,
      ...(mount.readOnly ? { readonly: true } : {}),
      ...(mount.type === 'cache'
        ? { mountType: MOUNTS.cache, cacheOpt: { ID: `/${mount.id}`, ...SHARING[mount.sharing] } }
        : {}),
    };
  }
  if (mount.type === 'tmpfs') {
    const sized = mount.size > 0 ? { size: mount.size } : {};
    return { input: -1, dest, output: -1, mountType: MOUNTS.tmpfs, TmpfsOpt: sized };
  }
  const { id, mode, required } = mount;
  const needed = { ID: id, mode, ...optional(required) };
  return mount.type === 'secret'
    ? { input: -1, dest, mountType: MOUNTS.secret, secretOpt: needed }
    : { input: -1, dest, mountType: MOUNTS.ssh, SSHOpt: needed };
}

const SHARING = { shared: {}, private: { sharing: 1 }, locked: { sharing: 2 } } as const;

function optional(required: boolean): { readonly optional?: true } {
  return required ? {} : { optional: true };
}
