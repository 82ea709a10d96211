// `mille layers`.

import type { LookOptions } from '../../../app/index.ts';
import { MilleError } from '../../../core/index.ts';
import {
  comparedJson,
  layersJson,
  renderCompared,
  renderLayers,
  renderSizes,
  renderVersions,
  renderWaste,
  versionsJson,
} from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { FORMAT_FLAG, parseFormat } from '../formats.ts';
import { LOOK_FLAGS, lookOptions } from '../look.ts';
import { lookProgress } from '../look-progress.ts';
import { wholeNumber } from '../numbers.ts';
import { command, type FlagValues, type Host } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

const FLAGS = {
  base: LOOK_FLAGS.base,
  ca: LOOK_FLAGS.ca,
  offline: TRANSFER_FLAGS.offline,
  compare: {
    kind: 'string',
    value: 'N,M',
    help: 'with --file: compare the versions of two layers as text',
  },
  depth: { kind: 'string', value: 'N', help: 'with --tree: levels that are shown; 2 if not given' },
  extract: {
    kind: 'string',
    value: 'PATH|-',
    help: 'with --file: write the file there, as it is at the end or in the layer that --layer says',
  },
  file: {
    kind: 'string',
    value: 'PATH',
    help: 'show every version of a path: who wrote it, and what changed',
  },
  format: { ...FORMAT_FLAG, help: 'table for people, or json for one object' },
  interactive: { kind: 'boolean', short: 'i', help: 'look about in it, full screen, as mille explore does' },
  layer: {
    kind: 'string',
    value: 'N',
    help: 'with --tree or --extract: the layer, counted from 1, the lowest',
  },
  limit: {
    kind: 'string',
    value: 'N',
    help: 'with --tree: names of a directory that are shown; with --waste: rows; 10 if not given',
  },
  'no-trunc': { kind: 'boolean', help: 'show whole instructions' },
  platform: LOOK_FLAGS.platform,
  tree: { kind: 'boolean', help: 'show the largest directories and files' },
  waste: { kind: 'boolean', help: 'show which bytes are not needed, who wrote them and who hid them' },
} as const;

type Flags = FlagValues<typeof FLAGS>;

export const layers = command({
  name: 'layers',
  summary: 'Show what each layer of an image costs, holds and wastes',
  usage: '[FLAGS] IMAGE',
  description: [
    "From base to top: the instruction that made each layer (with its line of the Dockerfile where the record of the build is here), its size uncompressed and as it is stored or sent (BLOB), how many files it adds, changes and removes, whether it is the base's, and which other images of the store have it. Only tables of contents are read: a layer that the store knows costs nothing.",
    "IMAGE is a name or id in the store; or a file or directory (of docker save, mille save, skopeo; an OCI layout), with :NAME behind it where there are several images; or - for an archive on standard input; else Docker's daemon is asked by its socket, then the registry. docker-archive:, oci-archive:, oci:, docker-daemon: and registry:// say which. Nothing of it is kept. See layers.md.",
  ],
  flags: FLAGS,
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'the layers of an image', command: 'mille layers app' },
    { text: 'what of it nobody needs', command: 'mille layers --waste app' },
    {
      text: 'the largest directories that layer 3 brings',
      command: 'mille layers --tree --layer 3 --depth 4 app',
    },
    { text: 'look about in it, full screen', command: 'mille layers -i app' },
    { text: 'who wrote a file', command: 'mille layers --file /etc/passwd app' },
    {
      text: 'a file of an image in a registry',
      command: 'mille layers --file /etc/os-release --extract - alpine:3.22',
    },
  ],
  async run({ flags, args }, host) {
    check(flags);
    if (flags.interactive) {
      const { runExplorer } = await import('../explorer/run.ts');
      return await runExplorer({ image: args[0]!, ...lookOptions(flags, host) }, host);
    }
    const look: LookOptions = { image: args[0]!, ...lookOptions(flags, host) };
    return flags.file === undefined ? await showImage(flags, look, host) : await showFile(flags, look, host);
  },
});

/** Flags that say nothing without another one are mistakes. */
function check({
  interactive,
  tree,
  waste,
  file,
  extract,
  compare,
  layer,
  depth,
  limit,
  ...rest
}: Flags): void {
  const refuse = (message: string, hint: string): never => {
    throw new MilleError('usage', message, { hint });
  };
  const other = [tree, waste, file, extract, compare, layer, depth, limit, rest.format].some(Boolean);
  if (interactive && other)
    refuse('-i takes no flag but --base, --ca and --platform', 'all views are there: ? shows the keys');
  if (file === '') refuse('--file has no path', 'write --file PATH');
  if (file !== undefined && (tree || waste))
    refuse('--file shows one path only', 'leave --tree and --waste out');
  if (tree && waste) refuse('--tree and --waste are two views', 'ask for one of them');
  if (file === undefined && (extract !== undefined || compare !== undefined))
    refuse(
      `--${extract === undefined ? 'compare' : 'extract'} needs to know which file`,
      'write --file PATH too',
    );
  if (extract !== undefined && compare !== undefined)
    refuse('--extract and --compare are two things', 'do one of them');
  if (extract === '')
    refuse('--extract has no path', 'write --extract PATH, or --extract - for standard output');
  if (layer !== undefined && !tree && extract === undefined)
    refuse('--layer says which layer of --tree or --extract is meant', 'add one of them');
  if (depth !== undefined && !tree) refuse('--depth is for --tree', 'write --tree too');
  if (limit !== undefined && !tree && !waste)
    refuse('--limit is for --tree and --waste', 'write one of them too');
}

async function showImage(flags: Flags, look: LookOptions, host: Host): Promise<number> {
  const format = parseFormat(flags.format) ?? 'table';
  const { tree, waste, 'no-trunc': full } = flags;
  const layer = layerIndex(flags.layer);
  const limit = wholeNumber('limit', flags.limit, { standard: 10, most: 1_000_000 });
  const style = { depth: wholeNumber('depth', flags.depth, { standard: 2, most: 1000 }), limit };
  const app = await host.app();
  using interruption = host.interruption();
  const options = { ...look, dive: waste, ...(tree ? { tree: layer ?? ('image' as const) } : {}) };
  using looking = lookProgress(host);
  const result = await app.layers(options, { signal: interruption.signal, ...looking });
  looking.clear();
  if (format === 'json') host.out(layersJson(result, { waste, ...(tree ? { tree: style } : {}) }));
  else if (tree) host.out(renderSizes(result, { ...style, ...(layer === undefined ? {} : { layer }) }));
  else if (waste) host.out(renderWaste(result, { full, ...(flags.limit === undefined ? {} : { limit }) }));
  else host.out(renderLayers(result, { full }));
  return 0;
}

async function showFile(flags: Flags, look: LookOptions, host: Host): Promise<number> {
  const format = parseFormat(flags.format) ?? 'table';
  const { file, extract, compare, 'no-trunc': full } = flags;
  const options = { ...look, path: file! };
  const layer = layerIndex(flags.layer);
  const layers = compare === undefined ? undefined : layerPair(compare);
  const app = await host.app();
  using interruption = host.interruption();
  using looking = lookProgress(host);
  const around = { signal: interruption.signal, ...looking };
  if (extract !== undefined) {
    await app.extractFile({ ...options, output: extract, ...(layer === undefined ? {} : { layer }) }, around);
  } else if (layers) {
    const result = await app.compareFile({ ...options, layers }, around);
    looking.clear();
    host.out(
      format === 'json' ? comparedJson(result) : renderCompared(result, { color: hasColor(host, 'stdout') }),
    );
  } else {
    const result = await app.fileVersions(options, around);
    looking.clear();
    host.out(format === 'json' ? versionsJson(result) : renderVersions(result, { full }));
  }
  return 0;
}

function layerIndex(text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber('layer', text, { standard: 1, most: 10_000 }) - 1;
}

function layerPair(text: string): readonly [number, number] {
  const [, before, after] = /^(\d{1,4}),(\d{1,4})$/.exec(text) ?? [];
  if (before !== undefined && after !== undefined && Number(before) > 0 && Number(after) > 0)
    return [Number(before) - 1, Number(after) - 1];
  throw new MilleError('usage', `--compare can't be '${text}'`, {
    hint: 'write two layers as `mille layers --file PATH` counts them: --compare 2,5',
  });
}
