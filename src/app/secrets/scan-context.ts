// Secrets of a directory: what a build would take of it as its context, and what the Dockerfile in it says.

import { type BuildContext, openContext } from '../../build/context/index.ts';
import { displayPath, MilleError, type SourceText } from '../../core/index.ts';
import type { TreeEntry } from '../../oci/image/index.ts';
import { adviceFor, type Detector } from '../../secrets/index.ts';
import { nextTurn } from '../../sys/index.ts';
import type { FindingCollector } from './collect.ts';
import { secretsOfAttribute, suspectAttributes } from './scan-attributes.ts';
import { scanDockerfile } from './scan-dockerfile.ts';
import { type FileFinding, FileScan, type Skipped } from './scan-file.ts';

/** What to scan with, and where findings go. */
export interface ContextScan {
  /** Absolute. */
  readonly directory: string;
  readonly dockerfile?: { readonly source: SourceText; readonly path?: string };
  readonly detector: Detector;
  readonly collector: FindingCollector;
  readonly signal: AbortSignal;
}

/** Scans a directory. @throws MilleError `context-missing`, `file-format`, `interrupted` */
export async function scanContext(scan: ContextScan): Promise<{
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly Skipped[];
}> {
  const { directory, dockerfile, detector, collector, signal } = scan;
  const context = openContext({
    directory,
    ...(dockerfile?.path === undefined ? {} : { dockerfile: dockerfile.path }),
  });
  const files = new FileScan(detector);
  const skipped: Skipped[] = [];
  const count = { files: 0, bytes: 0 };
  const own = dockerfile?.path?.startsWith(`${directory}/`)
    ? dockerfile.path.slice(directory.length + 1)
    : undefined;
  try {
    for (const entry of walk(context, '')) {
      if (signal.aborted) throw new MilleError('interrupted', 'the scan was interrupted');
      // Looked at as what it is, below.
      if (entry.path === own) continue;
      for (const attribute of suspectAttributes(entry.xattrs))
        for (const found of await secretsOfAttribute(attribute, { detector, path: entry.path }))
          collector.add({
            ...found,
            ...{ where: 'context', path: entry.path, visible: true },
            advice: adviceFor({ kind: 'context', path: entry.path, exact: true }),
          });
      if (entry.type !== 'file' || entry.size === 0) continue;
      count.files++;
      count.bytes += entry.size;
      for (const found of await scanEntry(context, entry, { files, skipped })) {
        const { rule, severity, shown, name, path, offset, line } = found;
        collector.add({
          ...{ rule, severity, shown, where: 'context', path, offset, visible: true },
          ...(name === undefined ? {} : { name }),
          ...(line === undefined ? {} : { line }),
          advice: adviceFor({ kind: 'context', path: entry.path, exact: true }),
        });
      }
    }
  } finally {
    context.close();
  }
  if (dockerfile)
    for (const finding of await scanDockerfile(dockerfile.source, detector)) collector.add(finding);
  return { ...count, skipped };
}

function* walk({ tree }: BuildContext, directory: string): Generator<TreeEntry> {
  for (const name of tree.children(directory)) {
    const path = directory === '' ? name : `${directory}/${name}`;
    const entry = tree.get(path);
    if (entry) yield entry;
    if (entry?.type === 'dir') yield* walk({ tree } as BuildContext, path);
  }
}

const buffer = new Uint8Array(1 << 18);
const PER_TURN = 64;

async function scanEntry(
  { tree }: BuildContext,
  { path, size }: TreeEntry,
  { files, skipped }: { readonly files: FileScan; readonly skipped: Skipped[] },
): Promise<readonly FileFinding[]> {
  const found = { findings: [] as FileFinding[], skipped };
  let reader: ReturnType<typeof tree.open>;
  try {
    reader = tree.open(path);
  } catch (error) {
    skipped.push({ path, why: error instanceof Error ? error.message : String(error) });
    return [];
  }
  try {
    files.start(path, size);
    let parts = 0;
    for (let count = reader.read(buffer); count > 0; count = reader.read(buffer)) {
      files.feed(buffer.subarray(0, count));
      if (++parts % PER_TURN === 0) await nextTurn();
    }
    await files.end(found);
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'io') throw error;
    skipped.push({ path: displayPath(path), why: error.message });
  } finally {
    reader.close();
  }
  return found.findings;
}
