// Projects of Node in an image: their package.json, and what was installed for them: by npm's own record, or by what yarn and
// pnpm put into node_modules.

import { type Digest, joinRelative, parentPath } from '../../core/index.ts';
import {
  modulesIn,
  NODE_MANAGERS,
  NODE_SOURCE,
  type NodeManagerName,
  type NodeProject,
  type ObservedImage,
  type PackageFacts,
  packageFacts,
  readInstalledTree,
  readNodeProject,
} from '../../insight/optimize/index.ts';
import { gather } from '../open-image/gather.ts';
import { withImage } from '../open-image/open-image.ts';
import { withServices } from '../services.ts';

/** Larger records are nobody's. */
const LARGEST = 32 * 1024 * 1024;
const LARGEST_MANIFEST = 1024 * 1024;
/** More projects are no project, and more packages are looked at by nobody. */
const MOST = 16;
const MOST_PACKAGES = 20_000;

interface Found {
  readonly directory: string;
  readonly manager: NodeManagerName;
}

/** Those of some layers. */
export async function seeNodeProjects(
  image: ObservedImage,
  wanted: ReadonlySet<Digest>,
): Promise<readonly NodeProject[]> {
  const found = foundIn(image, wanted);
  if (found.length === 0) return [];
  const trees = found.filter(({ manager }) => manager !== 'npm');
  const manifests = manifestsOf(image, wanted, trees);
  if (manifests.size > MOST_PACKAGES) return [];
  const whole = new Set(
    found.flatMap(({ directory, manager }) => [
      manifestOf(directory),
      ...(manager === 'npm' ? [recordOf(directory, manager)] : [workspaceOf(directory)]),
    ]),
  );
  const texts = new Map<string, string>();
  const facts = new Map<string, PackageFacts>();
  const sources = new Map<string, readonly string[]>();
  const isSource = (path: string) =>
    NODE_SOURCE.test(path) &&
    !/(^|\/)node_modules\//.test(path) &&
    found.some(({ directory }) => directory === '' || path.startsWith(`${directory}/`));
  await withServices('read', (services) =>
    withImage(services, image.imageId, {}, async ({ layers }) => {
      for (const layer of layers) {
        if (!wanted.has(layer.diffId)) continue;
        await layer.read((entry) => {
          const { path, type, size } = entry;
          const isWhole = whole.has(path);
          if (isSource(path)) {
            sources.delete(path);
            if (type !== 'file' || size > LARGEST_MANIFEST || sources.size >= MOST_PACKAGES) return undefined;
            return gather(entry, (bytes) => {
              sources.set(path, modulesIn(new TextDecoder().decode(bytes)));
            });
          }
          if (!isWhole && !manifests.has(path)) return undefined;
          // Of a path that several layers have, the topmost.
          texts.delete(path);
          facts.delete(path);
          if (type !== 'file' || size > (isWhole ? LARGEST : LARGEST_MANIFEST)) return undefined;
          return gather(entry, (bytes) => {
            const text = new TextDecoder().decode(bytes);
            if (isWhole) texts.set(path, text);
            else {
              const read = packageFacts(text);
              if (read) facts.set(path, read);
            }
          });
        });
      }
    }),
  );
  const read = { texts, facts, image, wanted };
  return found.flatMap((one) => {
    const project = projectOf(one, read);
    return project ? [{ ...project, sources: below(one.directory, sources) }] : [];
  });
}

/** What is below a directory, by the paths from there on. */
function below<T>(directory: string, all: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const start = directory === '' ? '' : `${directory}/`;
  return new Map(
    [...all].flatMap(([path, one]) =>
      path.startsWith(start) ? [[path.slice(start.length), one] as const] : [],
    ),
  );
}

function projectOf(
  { directory, manager }: Found,
  {
    texts,
    facts,
    image,
    wanted,
  }: {
    readonly texts: ReadonlyMap<string, string>;
    readonly facts: ReadonlyMap<string, PackageFacts>;
    readonly image: ObservedImage;
    readonly wanted: ReadonlySet<Digest>;
  },
): NodeProject | undefined {
  const manifest = texts.get(manifestOf(directory));
  if (manifest === undefined) return undefined;
  if (manager === 'npm') {
    const record = texts.get(recordOf(directory, manager));
    return record === undefined ? undefined : readNodeProject(directory, { manifest, record });
  }
  const project = packageFacts(manifest);
  if (!project) return undefined;
  const start = directory === '' ? '' : `${directory}/`;
  const own = (path: string) =>
    path.startsWith(`${start}node_modules/`) ? path.slice(start.length) : undefined;
  const packages = new Map<string, PackageFacts>();
  for (const [path, one] of facts) {
    const place = own(path);
    if (place !== undefined) packages.set(parentPath(place), one);
  }
  const links = new Map<string, string>();
  image.tables.forEach(({ entries }, i) => {
    if (!wanted.has(image.diffIds[i]!)) return;
    for (const { path, type, link } of entries) {
      const place = own(path);
      if (place === undefined) continue;
      if (type === 'symlink' && link !== undefined) links.set(place, link);
      else links.delete(place);
    }
  });
  const isWorkspace = /^packages\s*:/m.test(texts.get(workspaceOf(directory)) ?? '');
  return readInstalledTree({ manager, directory, project, packages, links, isWorkspace });
}

/** Where a record lies that is no package's own; of a directory that has several, npm's. */
function foundIn({ diffIds, tables }: ObservedImage, wanted: ReadonlySet<Digest>): readonly Found[] {
  const found = new Map<string, NodeManagerName>();
  tables.forEach(({ entries }, i) => {
    if (!wanted.has(diffIds[i]!)) return;
    for (const { path, type } of entries) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const manager = type === 'file' ? BY_RECORD.get(name) : undefined;
      if (manager === undefined) continue;
      const directory = parentPath(parentPath(path));
      if (recordOf(directory, manager) !== path || /(^|\/)node_modules(\/|$)/.test(directory)) continue;
      if (found.get(directory) !== 'npm') found.set(directory, manager);
    }
  });
  return [...found].slice(0, MOST).map(([directory, manager]) => ({ directory, manager }));
}

const BY_RECORD = new Map(
  (Object.keys(NODE_MANAGERS) as NodeManagerName[]).map(
    (manager) => [NODE_MANAGERS[manager].record, manager] as const,
  ),
);

/** The package.json of packages, not those that they bring besides. */
const MANIFEST = /^(node_modules\/(\.pnpm\/[^/]+\/node_modules\/)?(@[^/]+\/)?[^/.@][^/]*\/)+package\.json$/;

function manifestsOf(
  { diffIds, tables }: ObservedImage,
  wanted: ReadonlySet<Digest>,
  trees: readonly Found[],
): ReadonlySet<string> {
  const starts = trees.map(({ directory }) => (directory === '' ? '' : `${directory}/`));
  const found = new Set<string>();
  tables.forEach(({ entries }, i) => {
    if (starts.length === 0 || !wanted.has(diffIds[i]!)) return;
    for (const { path } of entries)
      if (
        path.endsWith('/package.json') &&
        starts.some((one) => path.startsWith(one) && MANIFEST.test(path.slice(one.length)))
      )
        found.add(path);
  });
  return found;
}

const manifestOf = (directory: string) => joinRelative(directory, 'package.json');
const workspaceOf = (directory: string) => joinRelative(directory, 'pnpm-workspace.yaml');
const recordOf = (directory: string, manager: NodeManagerName) =>
  joinRelative(directory, `node_modules/${NODE_MANAGERS[manager].record}`);
