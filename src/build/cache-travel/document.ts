// What a cache says when it travels: records of steps, and what is known of the layers that they lead to. No value of a
// secret is in it, none that was salted, and no path of the machine it comes from. Whoever writes it can claim anything;
// here its shape is checked, so that the rest can rely on that.

import { type Digest, isDigest, MilleError } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import type { StepWarning } from '../cache/index.ts';

/** A layer that a record leads to, or that a base image has. */
export interface TravelLayer extends LayerInfo {
  /**
   * The blob that carries it. Absent for layers of base images, which come from where the image does, and in mode=min
   * for those of stages that the image does not stand on: what is known of them is enough where none of them runs.
   */
  readonly blob?: Digest;
  /** The blob of its table of contents. */
  readonly table?: Digest;
}

/** What one step did. */
export interface TravelRecord {
  readonly key: Digest;
  /** The project, where the whole cache of a store travels. */
  readonly scope?: string;
  /** The stage's number. */
  readonly stage: string;
  readonly position: number;
  /** As written, less passwords in URLs. */
  readonly instruction: string;
  /** RFC 3339. */
  readonly created: string;
  readonly seconds: number;
  /** When it was executed, milliseconds since the epoch: `created` may be a clamped time. */
  readonly made: number;
  /** What was odd about what it made. */
  readonly warnings?: readonly StepWarning[];
  /** The layer it made, by its place in the list; absent where it made none. */
  readonly layer?: number;
  /** Its inputs, by their place in the blob of inputs. */
  readonly inputs?: number;
}

/** The document. */
export interface TravelDocument {
  readonly version: 1;
  readonly layers: readonly TravelLayer[];
  readonly records: readonly TravelRecord[];
  /** The blob with the inputs. */
  readonly inputs?: Digest;
}

const MIB = 1024 * 1024;

/** Far above honest use. */
export const TRAVEL_LIMITS = {
  /** Bytes of the document. */
  document: 32 * MIB,
  layers: 20_000,
  records: 20_000,
  /** Bytes of a table of contents, as it comes and expanded. */
  tableBlob: 64 * MIB,
  table: 512 * MIB,
  /** Bytes of all inputs, as they come and expanded. */
  inputsBlob: 64 * MIB,
  inputs: 256 * MIB,
  /** Characters of an instruction. */
  instruction: 1 * MIB,
} as const;

/** The error for a cache that is not what it should be. */
export function damaged(what: string, cause?: unknown): MilleError {
  return new MilleError('image-invalid', `the cache is damaged: ${what}`, {
    hint: 'write it again with --cache-to; until then leave --cache-from out',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A document as text. The same records give the same text. */
export function documentText(document: TravelDocument): string {
  return JSON.stringify(document);
}

/** Reads a document. @throws MilleError `image-invalid` */
export function parseDocument(value: unknown): TravelDocument {
  const { version, layers, records, inputs } = asObject(value, 'the document');
  if (version !== 1) throw damaged(`its document is of version ${JSON.stringify(version) ?? 'none'}, not 1`);
  const read = list(layers, 'layers', TRAVEL_LIMITS.layers).map(readLayer);
  return {
    version,
    layers: read,
    records: list(records, 'records', TRAVEL_LIMITS.records).map((record) => readRecord(record, read.length)),
    ...(inputs === undefined ? {} : { inputs: digest(inputs, 'the inputs') }),
  };
}

/** The same from text. @throws MilleError `image-invalid` */
export function parseDocumentText(text: string): TravelDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged('its document is not JSON', error);
  }
  return parseDocument(value);
}

type Json = Readonly<Record<string, unknown>>;

function asObject(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw damaged(`${what} is no object`);
}

function list(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw damaged(`it lists no ${what}`);
  if (value.length > most) throw damaged(`it lists more than ${most} ${what}`);
  return value;
}

function readLayer(value: unknown): TravelLayer {
  const { diffId, size, contentId, files, blob, table } = asObject(value, 'a layer');
  return {
    diffId: digest(diffId, 'a layer'),
    size: count(size, 'the size of a layer'),
    contentId: digest(contentId, 'the content of a layer'),
    files: count(files, 'the number of files of a layer'),
    ...(blob === undefined ? {} : { blob: digest(blob, 'the blob of a layer') }),
    ...(table === undefined ? {} : { table: digest(table, 'the table of a layer') }),
  };
}

function readRecord(value: unknown, layers: number): TravelRecord {
  const fields = asObject(value, 'a record');
  const { key, scope, stage, position, instruction, created, seconds, made, warnings, layer, inputs } =
    fields;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0)
    throw damaged('the seconds of a record');
  const at = layer === undefined ? undefined : count(layer, 'the layer of a record');
  if (at !== undefined && at >= layers) throw damaged('a record leads to no layer');
  return {
    key: digest(key, 'the key of a record'),
    ...(scope === undefined ? {} : { scope: text(scope, 'the scope of a record', 200) }),
    stage: text(stage, 'the stage of a record', 200),
    position: count(position, 'the position of a record'),
    instruction: text(instruction, 'the instruction of a record', TRAVEL_LIMITS.instruction),
    created: time(created),
    seconds,
    made: count(made, 'the time of a record'),
    ...(warnings === undefined ? {} : { warnings: list(warnings, 'warnings', 1000).map(readWarning) }),
    ...(at === undefined ? {} : { layer: at }),
    ...(inputs === undefined ? {} : { inputs: count(inputs, 'the inputs of a record') }),
  };
}

function readWarning(value: unknown): StepWarning {
  const { message, hint, secret } = asObject(value, 'a warning');
  return {
    message: text(message, 'a warning', 10_000),
    hint: text(hint, 'a warning', 10_000),
    ...(secret === undefined ? {} : { secret: readSecret(secret) }),
  };
}

function readSecret(value: unknown): NonNullable<StepWarning['secret']> {
  const { rule, path, name } = asObject(value, 'a secret');
  return {
    rule: text(rule, 'a secret', 200),
    path: text(path, 'a secret', 10_000),
    ...(name === undefined ? {} : { name: text(name, 'a secret', 1000) }),
  };
}

function digest(value: unknown, what: string): Digest {
  if (typeof value === 'string' && isDigest(value)) return value;
  throw damaged(`${what} has no digest`);
}

function count(value: unknown, what: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw damaged(`${what} is no number`);
}

function text(value: unknown, what: string, most: number): string {
  if (typeof value === 'string' && value.length <= most) return value;
  throw damaged(`${what} is no text`);
}

/** It ends up in the history of images. */
function time(value: unknown): string {
  if (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  ) {
    return value;
  }
  throw damaged('the time of a record');
}
