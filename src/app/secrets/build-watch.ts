// Secrets in what a build copies: texts are looked at while they are read for the layer, so that it costs no reading of
// its own. Up to their first megabyte; archives and binaries are left to `mille secrets`.

import type { StepWarning } from '../../build/cache/index.ts';
import type { LeakStep, LeakWatch, Selection } from '../../build/execute/index.ts';
import { type Digest, displayPath, MilleError, type Span } from '../../core/index.ts';
import type { ContentReader, FileTree, TreeEntry } from '../../oci/image/index.ts';
import {
  type Allowed,
  adviceFor,
  type Detector,
  type Excerpt,
  type FileKind,
  FileScanner,
  findSecrets,
  isThirdParty,
  kindOfFile,
  looksTextual,
  REVOKE,
  ruleSummary,
  secretFileName,
} from '../../secrets/index.ts';
import { nextTurn } from '../../sys/index.ts';
import type { CleanFiles } from './clean-files.ts';

/** What looking needs. */
export interface WatchOptions {
  readonly strict: boolean;
  readonly allowed: Allowed;
  readonly detector: Detector;
  readonly clean: CleanFiles;
}

const MOST_BYTES = 1 << 20;
/** Files kept for a closer look; more of them say nothing new. */
const MOST_FILES = 200;
const MOST_KEPT = 20;
const MOST_TOLD = 5;

type LeakWarning = StepWarning & { readonly secret: NonNullable<StepWarning['secret']> };

/** A file with places in it to be looked at. */
interface Suspect {
  readonly path: string;
  readonly kind: FileKind;
  readonly digest: Digest | undefined;
  readonly excerpts: readonly Excerpt[];
}

/** Looks for secrets in a build. */
export function createLeakWatch(options: WatchOptions): LeakWatch {
  return {
    strict: options.strict,
    begin: (step) => new WatchedStep(options, step.span),
    shows: (secret) => !options.allowed.passes(secret),
  };
}

class WatchedStep implements LeakStep {
  readonly #options: WatchOptions;
  readonly #span: Span | undefined;
  readonly #suspects: Suspect[] = [];
  /** Files that are secrets by their names. */
  readonly #named = new Map<string, string>();
  #scanner: FileScanner | undefined;

  constructor(options: WatchOptions, span: Span | undefined) {
    this.#options = options;
    this.#span = span;
  }

  watch = (selection: Selection): Selection => {
    const { tree } = selection;
    const open = (path: string): ContentReader => {
      const reader = tree.open(path);
      const file = this.#worthLooking(tree, path);
      return file ? this.#tapped(reader, file) : reader;
    };
    const watched = (path: string) => this.#worthLooking(tree, path) !== undefined;
    return { ...selection, tree: { ...tree, open, watched } };
  };

  async scan(selection: Selection): Promise<void> {
    const { tree, root, below } = selection;
    const { open } = this.watch(selection).tree;
    const buffer = new Uint8Array(1 << 16);
    let read = 0;
    for (const { type, path } of [root, ...below.map(({ entry }) => entry)]) {
      if (type !== 'file' || !this.#worthLooking(tree, path)) continue;
      const reader = open(path);
      try {
        for (let count = reader.read(buffer); count > 0; count = reader.read(buffer)) read += count;
      } finally {
        reader.close();
      }
      if (read < 1 << 23) continue;
      read = 0;
      await nextTurn();
    }
  }

  async finish(): Promise<readonly StepWarning[]> {
    const { strict, detector, clean, allowed } = this.#options;
    const warnings: LeakWarning[] = [];
    for (const { path, kind, digest, excerpts } of this.#suspects) {
      const found = await findSecrets(excerpts, { detector, path, kind });
      const serious = found.filter(({ severity }) => severity !== 'info');
      if (serious.length > 0) this.#named.delete(path);
      else if (digest !== undefined) clean.add(digest, kind);
      for (const one of serious) warnings.push(warningOf(path, one));
    }
    for (const [path, shown] of this.#named) warnings.push(warningOf(path, { rule: 'secret-file', shown }));
    clean.save();
    const refused = warnings.filter(({ secret }) => !allowed.passes(secret));
    if (strict && refused.length > 0) throw errorOf(refused, this.#span);
    // With what is allowed now: another build may allow something else.
    return warnings.slice(0, MOST_KEPT);
  }

  #worthLooking(
    tree: FileTree,
    path: string,
  ): (Omit<Suspect, 'excerpts'> & { readonly entry: TreeEntry }) | undefined {
    const entry = tree.get(path);
    if (entry?.type !== 'file' || entry.size === 0) return undefined;
    const keeps = secretFileName(path);
    if (keeps !== undefined) this.#named.set(path, keeps);
    // What other people's packages bring is no warning, so it need not be looked for.
    if (isThirdParty(path)) return undefined;
    if (!looksTextual(path) || this.#suspects.length >= MOST_FILES) return undefined;
    const kind = kindOfFile(path);
    const digest = entry.digest ?? tree.settledDigest?.(path);
    if (digest !== undefined && this.#options.clean.has(digest, kind)) return undefined;
    return { path, kind, digest, entry };
  }

  #tapped(reader: ContentReader, file: Omit<Suspect, 'excerpts'>): ContentReader {
    this.#scanner ??= new FileScanner();
    const scanner = this.#scanner;
    const { path, kind, digest } = file;
    let fed = 0;
    scanner.start(kind);
    return {
      read(buffer) {
        const count = reader.read(buffer);
        if (fed === 0 && isBinary(buffer, count)) fed = MOST_BYTES;
        if (count > 0 && fed < MOST_BYTES) scanner.feed(buffer.subarray(0, count));
        fed += count;
        return count;
      },
      close: () => {
        reader.close();
        const excerpts = scanner.finish();
        if (excerpts.length > 0) this.#suspects.push({ path, kind, digest, excerpts });
        else if (digest !== undefined) this.#options.clean.add(digest, kind);
      },
    };
  }
}

/** Texts have no zeroes; of a file the beginning tells. */
function isBinary(buffer: Uint8Array, count: number): boolean {
  const end = Math.min(count, 512);
  for (let i = 0; i < end; i++) if (buffer[i] === 0) return true;
  return false;
}

interface Told {
  readonly rule: string;
  readonly shown: string;
  readonly name?: string;
  readonly line?: number;
}

function warningOf(path: string, { rule, shown, name, line }: Told): LeakWarning {
  const place = `${displayPath(path)}${line === undefined ? '' : `:${line}`}${name === undefined ? '' : ` (${name})`}`;
  const what =
    rule === 'secret-file'
      ? `keeps ${shown}`
      : `holds ${ruleSummary(rule)}${shown === '***' ? '' : `, ${shown}`}`;
  const { patch = [] } = adviceFor({ kind: 'context', path, exact: true });
  return {
    message: `a secret gets into a layer: ${place} ${what}`,
    hint: `write '${(patch[1] ?? '').slice(1)}' into .dockerignore; a RUN that needs it takes it by --mount=type=secret. If it is none: --secrets-allow '${displayPath(path)}'`,
    secret: { rule, path, ...(name === undefined ? {} : { name }) },
  };
}

function errorOf(refused: readonly LeakWarning[], span: Span | undefined): MilleError {
  const [first, ...others] = refused;
  const more = others.slice(0, MOST_TOLD - 1).map(({ message }) => message.replace(/^.*?: /, ''));
  const rest = others.length - more.length;
  const list = more.length === 0 ? '' : `; also ${more.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
  return new MilleError('secrets-found', `${first!.message}${list}`, {
    hint: `${first!.hint}. ${REVOKE}`,
    ...(span ? { span } : {}),
  });
}
