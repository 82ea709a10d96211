// `-o` as docker buildx takes it: comma-separated `key=value`, or the short forms `DIR` and `-`.

import type { OutputSpec } from '../../app/index.ts';
import { MilleError, suggest } from '../../core/index.ts';
import { splitCsv } from './csv.ts';
import { imageSettings, takeLayoutChoice } from './image-output.ts';
import { OutputKeys } from './output-keys.ts';

const HINT =
  'write -o type=oci|docker|tar|local,dest=PATH, -o type=registry, -o DIRECTORY, or -o - for a tar on standard output';
const TYPES = ['cacheonly', 'docker', 'image', 'local', 'oci', 'registry', 'tar'] as const;

type OutputType = (typeof TYPES)[number];

/** What decides how an `-o` is read. */
export interface OutputOptions {
  /** Whether the image is to be in the store in any case. */
  readonly load: boolean;
  /** Whether it is to be sent to the registries of its names in any case. */
  readonly push: boolean;
  readonly stdoutIsTerminal: boolean;
  /** Whether file times are clamped. */
  readonly reproducible: boolean;
}

/**
 * Reads every `-o`. Without any the image goes to the store; `type=docker` without a destination, and `--load`, mean
 * just that.
 * @throws MilleError `usage`: unknown types and keys, two archives for standard output, an archive for a terminal.
 */
export function parseOutputs(given: readonly string[], options: OutputOptions): readonly OutputSpec[] {
  const outputs = given.flatMap((text) => parseOutput(text, options));
  const toStdout = outputs.filter((output) => 'dest' in output && output.dest === '-');
  if (toStdout.length > 1) {
    throw new MilleError('usage', 'only one -o can write to standard output', {
      hint: 'give the others a dest=FILE',
    });
  }
  if (toStdout.length === 1 && options.stdoutIsTerminal) {
    throw new MilleError('usage', 'an archive is not written to a terminal', {
      hint: 'redirect standard output, or give -o a dest=FILE',
    });
  }
  const has = (wanted: OutputSpec['type']) => outputs.some(({ type }) => type === wanted);
  return [
    ...outputs,
    ...((given.length === 0 || options.load) && !has('image') ? [{ type: 'image' } as const] : []),
    ...(options.push && !has('registry') ? [{ type: 'registry' } as const] : []),
  ];
}

function parseOutput(text: string, options: OutputOptions): OutputSpec[] {
  const fields = splitCsv(text);
  if (fields.length === 1 && !fields[0]!.startsWith('type=')) {
    const dest = fields[0]!;
    if (dest === '') throw new MilleError('usage', '-o has no value', { hint: HINT });
    return [dest === '-' ? { type: 'tar', dest } : { type: 'local', dest }];
  }
  const keys = OutputKeys.read(text, fields, { hint: HINT });
  const output = outputOf(typeOf(keys), keys, options);
  keys.checkEmpty();
  return output;
}

function typeOf(keys: OutputKeys): OutputType {
  const given = keys.take('type');
  if (given === undefined) throw keys.error('there is no type in it', HINT);
  const type = TYPES.find((known) => known === given);
  if (type !== undefined) return type;
  const near = suggest(given, TYPES);
  throw keys.error(
    `mille does not support the type '${given}'`,
    near === undefined ? HINT : `did you mean type=${near}?`,
  );
}

function outputOf(type: OutputType, keys: OutputKeys, options: OutputOptions): OutputSpec[] {
  if (type === 'cacheonly') return [];
  if (type === 'image') {
    const push = keys.takeSwitch('push') ?? false;
    const sent = { ...takePlain(keys), ...(push ? takeByDigest(keys) : {}) };
    const isKept = !push || (keys.takeSwitch('store') ?? true);
    const settings = imageSettings(keys, options);
    const { names: _, ...nameless } = settings;
    // What is found by its digest alone takes no name from another image here either.
    const kept = sent.byDigest ? nameless : settings;
    return [
      ...(isKept ? [{ type, ...kept }] : []),
      ...(push ? [{ type: 'registry' as const, ...sent, ...settings }] : []),
    ];
  }
  if (type === 'registry') {
    keys.settled('push', true, 'to keep an image in the store write type=image');
    return [{ type, ...takePlain(keys), ...takeByDigest(keys), ...imageSettings(keys, options) }];
  }
  if (type === 'oci' || type === 'docker') {
    const settings = imageSettings(keys, options);
    const directory = type === 'oci' && takeLayoutChoice(keys);
    const dest = keys.take('dest');
    if (directory) return [{ type, dest: takeDirectory(keys, dest), directory, ...settings }];
    if (type === 'docker' && dest === undefined) return [{ type: 'image', ...settings }];
    return [{ type, dest: dest || '-', ...settings }];
  }
  const platformSplit = keys.takeSwitch('platform-split');
  const prefix = keys.take('attestation-prefix');
  if (prefix?.includes('/'))
    throw keys.error('attestation-prefix holds a slash', 'it begins the name of a file');
  const files = {
    ...(platformSplit === undefined ? {} : { platformSplit }),
    ...(prefix ? { attestationPrefix: prefix } : {}),
  };
  const dest = keys.take('dest');
  if (type === 'local') return [{ type, dest: takeDirectory(keys, dest), ...files }];
  return [{ type, dest: dest || '-', ...files }];
}

function takePlain(keys: OutputKeys): { readonly plain?: true } {
  return keys.takeSwitch('registry.insecure') ? { plain: true } : {};
}

function takeByDigest(keys: OutputKeys): { readonly byDigest?: true } {
  return keys.takeSwitch('push-by-digest') ? { byDigest: true } : {};
}

function takeDirectory(keys: OutputKeys, dest: string | undefined): string {
  if (dest && dest !== '-') return dest;
  throw keys.error('it needs a directory', 'write dest=DIRECTORY');
}
