// Archives among the sources of ADD, found by their content and opened to be unpacked.

import { displayPath, MilleError, redactUrls } from '../../core/index.ts';
import { isTarArchive, openTarArchive, type TarArchive } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, closeFd, O, openAt, writeAll } from '../../sys/index.ts';
import type { AddStep, CopyStep } from '../graph/index.ts';
import type { Extraction } from './extract-archive.ts';
import type { Selection } from './select-sources.ts';

/**
 * The sources with archives opened, as ADD unpacks them: those that it finds in the context, and with --unpack those
 * that were downloaded.
 * @param opened takes what is to be closed in the end, also after an error
 */
export async function unpackArchives(
  store: Store,
  { step, selections }: { readonly step: CopyStep | AddStep; readonly selections: readonly Selection[] },
  opened: { close(): void }[],
): Promise<(Selection | Extraction)[]> {
  if (step.kind === 'copy' || step.unpack === false) return [...selections];
  const out: (Selection | Extraction)[] = [];
  for (const selection of selections) {
    const downloaded = selection.path.includes('://');
    const wanted = selection.root.type === 'file' && (step.unpack === true || !downloaded);
    const local = wanted ? localFile(store, selection) : undefined;
    if (local !== undefined && (await isTarArchive(local))) {
      const archive = await openArchive(store, step, { local, name: selection.path });
      opened.push(archive);
      out.push({ archive, name: selection.path, ...(selection.own ? { origin: selection.root.path } : {}) });
    } else {
      out.push(selection);
    }
  }
  return out;
}

/** Opens an archive; what is wrong with it is told with its name and the place that asked for it. */
async function openArchive(
  store: Store,
  step: AddStep,
  { local, name }: { readonly local: string; readonly name: string },
): Promise<TarArchive> {
  try {
    return await openTarArchive(local, store.makeTemporary('archive').path);
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    const of = /^archive-/.test(error.code) ? `${displayPath(redactUrls(name))}: ` : '';
    const { hint, span = step.span } = error;
    throw new MilleError(error.code, of + error.message, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
      ...(span ? { span } : {}),
    });
  }
}

/** The path of a file on the disk; one that only exists inside another archive is written out first. */
function localFile(store: Store, { tree, root }: Selection): string {
  const known = tree.localPath?.(root.path);
  if (known !== undefined) return known;
  const path = `${store.makeTemporary('file').path}/file`;
  const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
  const reader = tree.open(root.path);
  try {
    const buffer = new Uint8Array(1 << 18);
    for (let count = reader.read(buffer); count > 0; count = reader.read(buffer))
      writeAll(fd, buffer.subarray(0, count));
  } finally {
    reader.close();
    closeFd(fd);
  }
  return path;
}
