// `mille layers --file`: the versions of one path, one of them taken out, two of them compared.

import { displayPath, MilleError, suggest } from '../../core/index.ts';
import { type PathVersion, pathVersions, type Replay } from '../../insight/inspect/index.ts';
import type { Entry, OpenedImage } from '../../oci/image/index.ts';
import { intoFile } from '../into-file.ts';
import { diffTexts } from '../text-diff.ts';
import { checkLayer } from './layers.ts';
import { type Survey, withSurvey } from './survey.ts';
import type {
  CompareOptions,
  CompareResult,
  ExtractOptions,
  FileOptions,
  FileResult,
  LookSurroundings,
} from './types.ts';

/** See `LayerVerbs.fileVersions`. */
export function fileVersions(options: FileOptions, around: LookSurroundings): Promise<FileResult> {
  return withSurvey(options, around, async (survey) => {
    const { path, versions } = findVersions(survey, options.path);
    return { image: survey.about, stack: survey.stack, path, versions };
  });
}

/** See `LayerVerbs.extractFile`. */
export function extractFile(options: ExtractOptions, around: LookSurroundings): Promise<void> {
  return withSurvey(options, { ...around, contents: true }, async (survey) => {
    const { path, versions } = followed(survey, findVersions(survey, options.path));
    const version = chooseVersion(survey, { path, versions }, options.layer);
    const { layer, entry } = contentOf(path, version);
    await intoFile(options.output, (sink) => readEntry(survey.image, { layer, entry, sink }), around.signal);
  });
}

/** Bytes of a file that is compared as text. */
const MOST_TEXT = 4 * 1024 * 1024;

/** See `LayerVerbs.compareFile`. */
export function compareFile(options: CompareOptions, around: LookSurroundings): Promise<CompareResult> {
  return withSurvey(options, { ...around, contents: true }, async (survey) => {
    const { path, versions } = followed(survey, findVersions(survey, options.path));
    const [before, after] = options.layers.map((layer) =>
      contentOf(path, chooseVersion(survey, { path, versions }, layer)),
    ) as [Content, Content];
    const { layers } = options;
    if (before.entry.digest !== undefined && before.entry.digest === after.entry.digest)
      return { path, layers, diff: { withheld: 'the content is the same' } };
    if (Math.max(before.entry.size, after.entry.size) > MOST_TEXT)
      return { path, layers, diff: { withheld: `it has more than ${MOST_TEXT} bytes` } };
    const texts = [await readText(survey.image, before), await readText(survey.image, after)];
    if (texts[0] === undefined || texts[1] === undefined)
      return { path, layers, diff: { withheld: 'it is no text' } };
    const diff = diffTexts(texts[0], texts[1]);
    return { path, layers, diff: diff ? { lines: diff.lines } : { withheld: 'the two differ too much' } };
  });
}

interface Content {
  readonly layer: number;
  readonly entry: Entry;
}

interface Found {
  readonly path: string;
  readonly versions: readonly PathVersion[];
}

/** A path as it is, else as links of the image lead to it. */
function findVersions({ replay, about }: Survey, written: string): Found {
  const path = cleanPath(written);
  const real = replay.tree.resolve(path, { followFinal: false });
  for (const candidate of [path, ...(real === undefined ? [] : [real])]) {
    const versions = pathVersions(replay, candidate);
    if (versions.length > 0) return { path: candidate, versions };
  }
  throw new MilleError('file-missing', `no layer of ${about.title} has a file /${displayPath(path)}`, {
    hint: nearTo(replay, path),
  });
}

/** Who wants the content of a link wants that of its file, as it is at the end. */
function followed({ replay }: Survey, found: Found): Found {
  if (found.versions.findLast(({ entry }) => entry)?.entry?.type !== 'symlink') return found;
  const path = replay.tree.resolve(found.path);
  const versions = path === undefined ? [] : pathVersions(replay, path);
  return path !== undefined && versions.length > 0 ? { path, versions } : found;
}

function cleanPath(written: string): string {
  const parts: string[] = [];
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function nearTo({ tree }: Replay, path: string): string {
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? '' : path.slice(0, slash);
  const names = tree.children(parent);
  const near = suggest(path.slice(slash + 1), names);
  if (near !== undefined) return `did you mean /${displayPath(parent === '' ? near : `${parent}/${near}`)}?`;
  return names.length > 0
    ? `/${displayPath(parent)} is there, and has no such name`
    : '`mille layers --tree` shows the directories that there are';
}

function chooseVersion(
  { replay }: Survey,
  { path, versions }: Found,
  layer: number | undefined,
): PathVersion {
  if (layer === undefined) {
    const last = versions.findLast(({ entry }) => entry !== undefined);
    if (last) return last;
    throw new Error(`a path without any entry: ${path}`);
  }
  checkLayer(layer, replay.tables.length);
  const found = versions.find((version) => version.layer === layer);
  if (found?.entry) return found;
  const there = versions.filter(({ entry }) => entry).map((version) => version.layer + 1);
  throw new MilleError('file-missing', `layer ${layer + 1} has no version of /${displayPath(path)}`, {
    hint: `these have one: ${there.join(', ')}`,
  });
}

function contentOf(path: string, { entry, content, layer }: PathVersion): Content {
  if (content) return content;
  throw new MilleError(
    'usage',
    `/${displayPath(path)} is no file in layer ${layer + 1} but a ${entry!.type}`,
    {
      hint: entry!.link === undefined ? 'name a file' : `it leads to ${displayPath(entry!.link)}`,
    },
  );
}

async function readEntry(
  image: OpenedImage,
  { layer, entry, sink }: Content & { readonly sink: (bytes: Uint8Array) => void },
): Promise<void> {
  await image.layers[layer]!.read((one) => (one === entry ? { data: sink } : undefined));
}

/** Undefined for what is no text. */
async function readText(image: OpenedImage, content: Content): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  await readEntry(image, { ...content, sink: (bytes) => void chunks.push(Buffer.from(bytes)) });
  const bytes = Buffer.concat(chunks);
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
