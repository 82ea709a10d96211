// The configuration file of hadolint (`.hadolint.yaml`).

import {
  displayPath,
  MilleError,
  type Severity,
  type SourceText,
  type Span,
  suggest,
} from '../../core/index.ts';
import { LABEL_KINDS, type LabelKind } from '../../insight/lint/index.ts';
import { CWD, isErrno, readSmallFile } from '../../sys/index.ts';
import type { HadolintConfig, HadolintConfigFile, LintThreshold } from './types.ts';

const LARGEST = 1 << 20;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'style'];
const THRESHOLDS: readonly LintThreshold[] = [...SEVERITIES, 'ignore', 'none'];

/** Reads the first of some files that is there. See `LintVerbs.hadolintConfig`. */
export async function hadolintConfig(
  candidates: readonly string[],
  required: boolean,
): Promise<HadolintConfigFile | undefined> {
  for (const path of candidates) {
    const text = read(path);
    if (text === undefined) continue;
    const source = { name: displayPath(path), text };
    return { path, ...(await parseConfig(source)) };
  }
  if (!required) return undefined;
  throw new MilleError('usage', `no such file: '${displayPath(candidates[0] ?? '')}'`, {
    hint: '--config takes the path of a configuration file of hadolint (YAML)',
  });
}

function read(path: string): string | undefined {
  try {
    return Buffer.from(readSmallFile(CWD, path, LARGEST)).toString('utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    if (!isErrno(error, 'EFBIG')) throw error;
    throw new MilleError('file-format', `${displayPath(path)} is larger than ${LARGEST} bytes`, {
      hint: 'is it a configuration file?',
    });
  }
}

/** A node of the document, with what reading it needs. */
interface Field {
  readonly key: string;
  readonly value: unknown;
  readonly span: Span;
}

/** @throws MilleError `file-format` */
async function parseConfig(source: SourceText): Promise<Omit<HadolintConfigFile, 'path'>> {
  const { isMap, isNode, parseDocument } = await import('yaml');
  const document = parseDocument(source.text);
  const [error] = document.errors;
  if (error)
    throw wrong(error.message.split(' at line')[0] ?? '', { source, start: error.pos[0], end: error.pos[1] });
  const warnings: string[] = [];
  let config: HadolintConfig = {};
  if (document.contents === null) return { config, warnings };
  if (!isMap(document.contents))
    throw wrong('the file is no list of keys and values', { source, start: 0, end: source.text.length });
  for (const { key, value } of document.contents.items) {
    const range = (isNode(key) && key.range) || [0, 0, 0];
    const span = { source, start: range[0], end: range[1] };
    const field = { key: String(key), value: isNode(value) ? value.toJS(document) : value, span };
    const read = READERS[field.key];
    if (read) config = { ...config, ...read(field, config) };
    else warnings.push(unknownKey(source.name, field.key));
  }
  return { config, warnings };
}

function unknownKey(name: string, key: string): string {
  const near = suggest(key, Object.keys(READERS), 4);
  return `${name}: the key '${key}' means nothing${near === undefined ? '' : `: did you mean ${near}?`}`;
}

type Reader = (field: Field, config: HadolintConfig) => HadolintConfig;

const READERS: Readonly<Record<string, Reader>> = {
  'failure-threshold': (field) => ({ failureThreshold: oneOf(field, THRESHOLDS) }),
  format: (field, { formats = [] }) => ({ formats: [...formats, text(field)] }),
  formats: (field, { formats = [] }) => ({ formats: [...formats, ...list(field)] }),
  ignored: (field) => ({ ignored: list(field) }),
  'label-schema': (field) => ({ labelSchema: labels(field) }),
  'no-color': (field) => ({ noColor: boolean(field) }),
  'no-fail': (field) => ({ noFail: boolean(field) }),
  override: (field) => ({ override: override(field) }),
  'strict-labels': (field) => ({ strictLabels: boolean(field) }),
  'disable-ignore-pragma': (field) => ({ disableIgnorePragma: boolean(field) }),
  trustedRegistries: (field) => ({ trustedRegistries: list(field) }),
};

function text({ key, value, span }: Field): string {
  if (typeof value === 'string') return value;
  throw wrong(`${key} is a text`, span);
}

function boolean({ key, value, span }: Field): boolean {
  if (typeof value === 'boolean') return value;
  throw wrong(`${key} is true or false`, span);
}

/** A text stands for a list of it. */
function list({ key, value, span }: Field): readonly string[] {
  const all = value === null ? [] : Array.isArray(value) ? value : [value];
  if (all.every((one): one is string => typeof one === 'string')) return all;
  throw wrong(`${key} is a list of texts`, span);
}

function oneOf<T extends string>({ key, value, span }: Field, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found) return found;
  throw wrong(`${key} cannot be '${String(value)}'`, span, `it is one of: ${allowed.join(', ')}`);
}

function mapping({ key, value, span }: Field): readonly (readonly [string, unknown])[] {
  if (value === null) return [];
  if (typeof value === 'object' && !Array.isArray(value)) return Object.entries(value);
  throw wrong(`${key} is made of keys and values`, span);
}

function labels(field: Field): Readonly<Record<string, LabelKind>> {
  return Object.fromEntries(
    mapping(field).map(([key, value]) => [
      key,
      oneOf(
        { ...field, key: `the kind of the label ${key}`, value: value === '' ? 'text' : value },
        LABEL_KINDS,
      ),
    ]),
  );
}

function override(field: Field): NonNullable<HadolintConfig['override']> {
  return Object.fromEntries(
    mapping(field).map(([key, value]) => {
      const severity = oneOf({ ...field, key: 'a key of override', value: key }, SEVERITIES);
      return [severity, list({ ...field, key: `override.${key}`, value })];
    }),
  );
}

function wrong(message: string, span: Span, hint?: string): MilleError {
  return new MilleError('file-format', message, {
    span,
    hint: hint ?? 'docs/lint.md shows what a configuration file holds',
  });
}
