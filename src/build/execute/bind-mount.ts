// RUN --mount=type=bind. A stage or an image is seen through its unpacked layers, mounted again for this container.
// Of the build context the directory itself is mounted, read-only, where that is just what the build may see of it;
// else (an ignore file hides something, other owners, changes wanted) a copy.

import type { Digest } from '../../core/index.ts';
import { MilleError } from '../../core/index.ts';
import { lowerNames } from '../../oci/store/index.ts';
import type { BuildContext } from '../context/index.ts';
import { fileInput, type NamedInput, type RunMount, type RunStep } from '../graph/index.ts';
import { timeFacts } from './clamped-time.ts';
import { hostView } from './host-view.ts';
import { located } from './located.ts';
import type { OpenSource } from './open-source.ts';
import type { OpenMount, PreparedMount } from './run-mounts.ts';
import { type Selection, selectPath } from './select-sources.ts';
import type { ExecuteServices } from './services.ts';
import { diffIds, type Snapshot, snapshotContent } from './snapshot.ts';
import { writeTree } from './write-tree.ts';

type BindMount = Extract<RunMount, { type: 'bind' }>;

/** Finds what a bind mount shows. @throws MilleError `source-missing` */
export async function prepareBind(
  services: ExecuteServices,
  step: RunStep,
  given: { readonly mount: BindMount; readonly openSource: OpenSource },
): Promise<PreparedMount> {
  const { mount, openSource } = given;
  const source = await openSource(mount.from);
  const { tree, origin, keepsOwner, explainMissing, snapshot, context } = source;
  try {
    const selection = located(step.span, () =>
      selectPath({
        ...{ tree, path: mount.path, origin, keepsOwner },
        ...(explainMissing ? { explainMissing } : {}),
        ...(step.span ? { span: step.span } : {}),
      }),
    );
    const whole = snapshot && mount.path === '' ? snapshotContent(snapshot, services) : undefined;
    return {
      inputs:
        whole === undefined
          ? fileInputs(services, mount, selection)
          : [{ kind: 'source', name: `${origin} at ${mount.target}`, value: whole }],
      open: async (directory) => {
        if (context) return await openContextBind(services, mount, { context, selection, directory });
        if (snapshot && snapshot.layers.length > 0)
          return { mount: await layersMount(services, mount, { snapshot, selection, directory }) };
        return { mount: copyMount(mount, await writeTree(services, selection, directory)) };
      },
      release: source.close,
    };
  } catch (error) {
    source.close();
    throw error;
  }
}

/** One input a file, under the path it has inside. */
function fileInputs(services: ExecuteServices, mount: BindMount, selection: Selection): NamedInput[] {
  const { tree, root, keepsOwner } = selection;
  return [{ relative: '', entry: root }, ...selection.below].map(({ relative, entry }) => {
    const digest: Digest | undefined = entry.type === 'file' ? tree.digest(entry.path) : undefined;
    return fileInput(relative === '' ? mount.target : `${mount.target}/${relative}`, {
      ...entry,
      ...timeFacts(services, entry),
      ...(keepsOwner ? {} : { uid: 0, gid: 0 }),
      ...(digest === undefined ? {} : { digest }),
    });
  });
}

async function openContextBind(
  services: ExecuteServices,
  mount: BindMount,
  { context, selection, directory }: { context: BuildContext; selection: Selection; directory: string },
): Promise<OpenMount> {
  const root = context.directory;
  const view = mount.readOnly && root !== undefined ? hostView(root, selection) : undefined;
  if (!view) return { mount: copyMount(mount, await writeTree(services, selection, directory)) };
  return {
    mount: { type: 'host', target: mount.target, ...view.place },
    verify: () => {
      if (root !== undefined && hostView(root, selection)?.signature === view.signature) return;
      throw new MilleError(
        'io',
        `files mounted at ${mount.target} changed while the command was reading them`,
        {
          hint: 'run the build again; what was already built is kept',
        },
      );
    },
  };
}

function copyMount(mount: BindMount, source: string): OpenMount['mount'] {
  return { type: 'bind', source, target: mount.target, readonly: mount.readOnly };
}

async function layersMount(
  services: ExecuteServices,
  mount: BindMount,
  given: { snapshot: Snapshot; selection: Selection; directory: string },
): Promise<OpenMount['mount']> {
  const unpacked = await services.store.ensureUnpacked(diffIds(given.snapshot));
  return {
    type: 'layers',
    lowers: lowerNames(unpacked),
    path: given.selection.root.path,
    target: mount.target,
    ...(mount.readOnly ? {} : { scratch: given.directory }),
  };
}
