// An image for tests of the explorer, made of tables alone, and the explorer driven by names of keys.

import type { ExploredImage } from '../../../app/index.ts';
import { fileHistory, viewFiles, wasteByVersion, wastedVersions } from '../../../insight/explore/index.ts';
import { contentsOf, figuresOf, findWaste, layerStack, replayLayers } from '../../../insight/inspect/index.ts';
import type { Entry, EntryType, TableOfContents } from '../../../oci/image/index.ts';
import type { Effect } from '../event.ts';
import { renderScreen } from '../render/screen.ts';
import { type ExplorerState, initialState, type ScreenSize } from '../state.ts';
import { update } from '../update/update.ts';

/** An entry with what most have. */
export function entry(path: string, type: EntryType, more: Partial<Entry> = {}): Entry {
  const mode = type === 'dir' ? 0o755 : 0o644;
  return { path, type, mode, uid: 0, gid: 0, size: 0, mtime: 1_700_000_000, ...more };
}

/** A file of so many bytes; the same seed is the same content. */
export function file(path: string, size: number, seed = path, more: Partial<Entry> = {}): Entry {
  return entry(path, 'file', { size, digest: `sha256:${Bun.hash(`${seed} ${size}`)}` as never, ...more });
}

const INSTRUCTIONS = [
  '/bin/sh -c #(nop) ADD file:0123456789abcdef in / ',
  'RUN /bin/sh -c apt-get update && apt-get install -y build-essential # buildkit',
  'COPY . /app/ # buildkit',
  'RUN /bin/sh -c chown -R app /app && rm -rf /var/lib/apt/lists # buildkit',
];

/** The layers of the sample. */
export const TABLES: readonly TableOfContents[] = [
  {
    entries: [
      entry('bin', 'dir'),
      file('bin/sh', 120_000),
      entry('etc', 'dir'),
      file('etc/passwd', 1_000),
      entry('lib', 'symlink', { link: 'usr/lib', mode: 0o777 }),
      entry('usr', 'dir'),
      entry('usr/lib', 'dir'),
      file('usr/lib/libc.so', 2_000_000),
    ],
  },
  {
    entries: [
      entry('usr/bin', 'dir'),
      file('usr/bin/gcc', 30_000_000, 'gcc', { mode: 0o4755 }),
      entry('usr/bin/cc', 'hardlink', { link: 'usr/bin/gcc' }),
      entry('var', 'dir'),
      entry('var/lib', 'dir'),
      entry('var/lib/apt', 'dir'),
      entry('var/lib/apt/lists', 'dir'),
      file('var/lib/apt/lists/main', 8_000_000),
      file('etc/passwd', 1_100, 'other'),
    ],
  },
  {
    entries: [
      entry('app', 'dir'),
      file('app/main.py', 5_000),
      file('app/日本語.txt', 700),
      file('app/bad\udcffname\n', 10),
      file('app/model.bin', 12_000_000),
      entry('app/link', 'symlink', { link: '../etc/passwd', mode: 0o777 }),
    ],
  },
  {
    entries: [
      file('app/main.py', 5_000, undefined, { uid: 1000 }),
      file('app/model.bin', 12_000_000, undefined, { uid: 1000 }),
      entry('var/lib/apt/lists', 'whiteout'),
    ],
  },
];

/** An image of some layers, the lowest of which is its base's. */
export function sampleImage(tables: readonly TableOfContents[] = TABLES, base = 1): ExploredImage {
  const replay = replayLayers(tables);
  const [figures, contents] = [figuresOf(replay), contentsOf(replay)];
  const layers = tables.map((_, i) => ({
    diffId: `sha256:${String(i).repeat(64)}` as never,
    blob: { mediaType: 'm', digest: `sha256:${'b'.repeat(64)}` as never, size: 1_000_000 },
    bytes: 3_000_000,
  }));
  const history = INSTRUCTIONS.map((created_by) => ({ created_by }));
  const config = { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] }, history } as const;
  const lines = new Map(layers.slice(1).map(({ diffId }, i) => [diffId, { file: 'Dockerfile', line: i + 2 }]));
  const stack = layerStack({ config, layers, figures, contents, lines, base: { title: 'debian', layers: base } });
  const waste = findWaste(contents, base);
  const files = fileHistory(replay);
  const wasted = wastedVersions(files, waste.pieces);
  const bytes = wasteByVersion(files, wasted);
  const wastedBy = layers.map((_, i) =>
    waste.pieces.reduce((sum, { writer, bytes: size }) => (writer === i ? sum + size : sum), 0),
  );
  return {
    ...{ title: 'app:latest', platform: 'linux/amd64', stack, layers: stack.layers, waste },
    ...{ history: files, wasted, wastedBy },
    view: (layer, scope) => viewFiles(files, { layer, scope }, bytes),
  };
}

/** The explorer without a terminal. */
export class Trial {
  state: ExplorerState;
  readonly effects: Effect[] = [];

  constructor(size: ScreenSize = { columns: 100, rows: 24 }, image = sampleImage()) {
    this.state = initialState(image, size);
    this.#take({ type: 'resize', size });
  }

  /** Presses keys: names, and characters one by one with `text:`. */
  keys(...names: string[]): this {
    for (const name of names) {
      if (!name.startsWith('text:')) this.#take({ type: 'key', key: name });
      else for (const key of name.slice(5)) this.#take({ type: 'key', key });
    }
    return this;
  }

  send(event: Parameters<typeof update>[1]): this {
    this.#take(event);
    return this;
  }

  /** The lines of the screen without colours, and without spaces at their ends. */
  lines(): string[] {
    return renderScreen(this.state, { color: true }).lines.map((line) =>
      line.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '').trimEnd(),
    );
  }

  /** The lines of the files' pane. */
  files(): string[] {
    const at = this.lines()[1]!.indexOf('│') + 1;
    return this.lines()
      .slice(2, -1)
      .map((line) => line.slice(at).trimEnd())
      .filter((line) => line !== '');
  }

  last(): string {
    return this.lines().at(-1)!.trim();
  }

  #take(event: Parameters<typeof update>[1]): void {
    const step = update(this.state, event);
    this.state = step.state;
    this.effects.push(...step.effects);
  }
}
