// What BuildKit's provenance tells of a build, taken apart: build arguments, variables, commands, files that were made on
// the spot, the Dockerfile as it was. Both forms of SLSA's (0.2 and 1) have the same pieces in other places, so they are
// known by what is around them.

/** A piece of provenance in which a secret may be. */
export interface Piece {
  /** `text`: anything else that is said, addresses of sources among it. */
  readonly kind: 'argument' | 'label' | 'variable' | 'command' | 'file' | 'dockerfile' | 'text';
  /** Where it stands, for people: `build-arg:TOKEN`, `step3 env`, `materials[0].uri`. */
  readonly place: string;
  /** Of an argument, a label or a variable: its name. Of a file its path. */
  readonly name?: string;
  readonly text: string;
  /** Line of the Dockerfile that it comes from, where that is told. */
  readonly line?: number;
}

/** What came of a provenance. */
export interface Provenance {
  /** Those that explain others first. */
  readonly pieces: readonly Piece[];
  /** The name of the Dockerfile and its text, where it is in there. */
  readonly dockerfile?: { readonly name: string; readonly text: string };
}

type Json = Readonly<Record<string, unknown>>;

const ORDER: readonly Piece['kind'][] = [
  'argument',
  'label',
  'dockerfile',
  'file',
  'variable',
  'command',
  'text',
];
/** Characters that a text must have to be looked at. */
const LEAST = 8;

/** Takes the predicate of a statement apart. */
export function piecesOf(predicate: unknown): Provenance {
  const pieces: Piece[] = [];
  const lines = linesOf(predicate);
  // Statements may be nested as deep as somebody likes.
  const waiting: Place[] = [{ value: predicate, path: '', step: undefined }];
  for (let at = waiting.pop(); at; at = waiting.pop()) visit(at, { pieces, waiting });
  const sorted = pieces
    .map((piece) => ({ ...piece, ...lineFor(piece, lines) }))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const own = sorted.find(({ kind }) => kind === 'dockerfile');
  return {
    pieces: sorted,
    ...(own ? { dockerfile: { name: own.name ?? 'Dockerfile', text: own.text } } : {}),
  };
}

interface Place {
  readonly value: unknown;
  readonly path: string;
  /** The step of the build that it belongs to. */
  readonly step: string | undefined;
}

interface Walk {
  readonly pieces: Piece[];
  readonly waiting: Place[];
}

function visit({ value, path, step }: Place, { pieces, waiting }: Walk): void {
  if (typeof value === 'string') {
    if (value.length >= LEAST)
      pieces.push({
        kind: 'text',
        place: step === undefined ? path : `${step} ${lastName(path)}`,
        text: value,
      });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let i = value.length - 1; i >= 0; i--)
      waiting.push({ value: value[i], path: `${path}[${i}]`, step });
    return;
  }
  const object = value as Json;
  const own = ofStep(object, path) ?? step;
  const known = knownPieces(object, own ?? path);
  pieces.push(...known.pieces);
  for (const [key, inner] of Object.entries(object).reverse())
    if (!known.keys.has(key))
      waiting.push({ value: inner, path: path === '' ? key : `${path}.${key}`, step: own });
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** A step of the build has an id; those by which the Dockerfile itself was fetched have the same ids again. */
function ofStep(object: Json, path: string): string | undefined {
  const isStep = /(?:^|\.)buildConfig\.llbDefinition\[\d+\]$/i.test(path);
  return isStep && typeof object.id === 'string' ? object.id : undefined;
}

/** The parts of an object that are known for what they are. */
function knownPieces(
  object: Json,
  where: string,
): { readonly pieces: readonly Piece[]; readonly keys: ReadonlySet<string> } {
  const pieces: Piece[] = [];
  const keys = new Set<string>();
  const { args, env, data, filename, path } = object;
  const words = stringsOf(args);
  if (words) {
    keys.add('args');
    pieces.push({ kind: 'command', place: `${where} command`, text: words.join(' ') });
  } else if (isObject(args) && Object.values(args).every((value) => typeof value === 'string')) {
    keys.add('args');
    for (const [key, text] of Object.entries(args)) pieces.push(argument(key, text as string));
  }
  const pairs = stringsOf(env);
  if (pairs) {
    keys.add('env');
    for (const pair of pairs) {
      const equals = pair.indexOf('=');
      if (equals < 1) continue;
      const name = pair.slice(0, equals);
      pieces.push({ kind: 'variable', place: `${where} env ${name}`, name, text: pair.slice(equals + 1) });
    }
  }
  if (typeof data === 'string' && typeof (filename ?? path) === 'string') {
    keys.add('data');
    const name = String(filename ?? path);
    const text = Buffer.from(data, 'base64').toString();
    const kind =
      filename !== undefined && /^dockerfile$/i.test(String(object.language)) ? 'dockerfile' : 'file';
    pieces.push({ kind, place: kind === 'dockerfile' ? name : `${where} file ${name}`, name, text });
  }
  return { pieces, keys };
}

function argument(key: string, text: string): Piece {
  const [, prefix, name] = /^(build-arg|label):(.+)$/s.exec(key) ?? [];
  if (name === undefined) return { kind: 'text', place: key, text };
  return { kind: prefix === 'label' ? 'label' : 'argument', place: key, name, text };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
    ? value
    : undefined;
}

function lineFor({ place }: Piece, lines: ReadonlyMap<string, number>): { readonly line?: number } {
  const line = lines.get(place.split(' ')[0]!);
  return line === undefined ? {} : { line };
}

/** Lines of the Dockerfile by the ids of the steps. */
function linesOf(predicate: unknown): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const locations = at(metadataOf(predicate), 'source', 'locations');
  if (!isObject(locations)) return lines;
  for (const [step, found] of Object.entries(locations)) {
    const first = at(found, 'locations', 0, 'ranges', 0, 'start', 'line');
    if (Number.isSafeInteger(first) && (first as number) > 0) lines.set(step, first as number);
  }
  return lines;
}

function metadataOf(predicate: unknown): unknown {
  return (
    at(predicate, 'metadata', 'https://mobyproject.org/buildkit@v1#metadata') ??
    at(predicate, 'runDetails', 'metadata', 'buildkit_metadata')
  );
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}
