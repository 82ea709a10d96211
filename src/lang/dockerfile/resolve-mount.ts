// What the fields of `RUN --mount=…` mean, once variables are expanded.

import { MilleError, parseBytes, quote, suggest } from '../../core/index.ts';
import type { MountField, MountFlag } from './instruction.ts';

const TYPES = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'] as const;
const SHARINGS = ['shared', 'private', 'locked'] as const;

/** A mount of RUN, typed. What is absent was not given; the default is the builder's. */
export interface Mount {
  readonly type: (typeof TYPES)[number];
  readonly from?: string;
  readonly source?: string;
  readonly target?: string;
  readonly readOnly: boolean;
  readonly id?: string;
  readonly sharing?: (typeof SHARINGS)[number];
  readonly required: boolean;
  /** Bytes; 0 means no limit. */
  readonly size: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** The variable that a secret is put into; '' for the default name. */
  readonly env?: string;
}

/** A mount in the making; `readOnly` is settled last, for its default depends on the type. */
type Draft = { -readonly [K in keyof Omit<Mount, 'readOnly'>]: Mount[K] } & { readOnly?: boolean };

/** A field with its value, expanded. */
interface Setting {
  readonly flag: MountFlag;
  readonly key: string;
  readonly value: string;
}

/**
 * Expands the values of a mount and checks it.
 * @param expand what makes the value of a word; it is not called for keys.
 * @throws MilleError `dockerfile-syntax` for unknown keys, bad values and combinations that mean nothing.
 */
export function resolveMount(flag: MountFlag, expand: (value: string) => string): Mount {
  const draft: Draft = { type: 'bind', required: false, size: 0 };
  for (const field of flag.fields) {
    if (field.value === undefined) setSwitch(draft, flag, field);
    else set(draft, { flag, key: field.key, value: expand(field.value) });
  }
  checkCombination(draft, flag);
  const { readOnly = draft.type !== 'cache' && draft.type !== 'tmpfs', ...rest } = draft;
  return { ...rest, readOnly };
}

function setSwitch(draft: Draft, flag: MountFlag, { key, text }: MountField): void {
  if (key === 'readonly' || key === 'ro') draft.readOnly = true;
  else if (key === 'readwrite' || key === 'rw') draft.readOnly = false;
  else if (key === 'required') setRequired(draft, flag, true);
  else throw bad(flag, `${quote(text)} in --mount has no value`, 'write key=value');
}

function setRequired(draft: Draft, flag: MountFlag, value: boolean): void {
  if (draft.type !== 'secret' && draft.type !== 'ssh') throw misplaced(draft, flag, 'required');
  draft.required = value;
}

/** How each key sets its value. A value may depend on the type, which therefore has to come first. */
const SETTERS: Readonly<Record<string, (draft: Draft, setting: Setting) => void>> = {
  type: (draft, setting) => {
    draft.type = oneOf(setting, TYPES);
  },
  from: (draft, { value }) => {
    draft.from = value;
  },
  source: (draft, { value }) => {
    draft.source = value;
  },
  target: (draft, { value }) => {
    draft.target = value;
  },
  readonly: (draft, setting) => {
    draft.readOnly = boolean(setting);
  },
  readwrite: (draft, setting) => {
    draft.readOnly = !boolean(setting);
  },
  required: (draft, setting) => setRequired(draft, setting.flag, boolean(setting)),
  size: (draft, setting) => {
    if (draft.type !== 'tmpfs') throw misplaced(draft, setting.flag, 'size');
    draft.size = bytes(setting);
  },
  id: (draft, { value }) => {
    draft.id = value;
  },
  sharing: (draft, setting) => {
    draft.sharing = oneOf(setting, SHARINGS);
  },
  mode: (draft, setting) => {
    draft.mode = integer(setting, 8);
  },
  uid: (draft, setting) => {
    draft.uid = integer(setting, 10);
  },
  gid: (draft, setting) => {
    draft.gid = integer(setting, 10);
  },
  env: (draft, { value }) => {
    draft.env = value;
  },
};

/** Other names of the same keys. */
const ALIASES: Readonly<Record<string, string>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
  rw: 'readwrite',
};

function set(draft: Draft, setting: Setting): void {
  const key = Object.hasOwn(ALIASES, setting.key) ? (ALIASES[setting.key] as string) : setting.key;
  const setter = Object.hasOwn(SETTERS, key) ? SETTERS[key] : undefined;
  if (setter) {
    setter(draft, setting);
    return;
  }
  const near = suggest(setting.key, [...Object.keys(SETTERS), ...Object.keys(ALIASES)]);
  const hint = near ? `did you mean ${near}?` : `it takes ${Object.keys(SETTERS).join(', ')}`;
  throw bad(setting.flag, `unknown key ${quote(setting.key)} in --mount`, hint);
}

function checkCombination(draft: Draft, flag: MountFlag): void {
  const { type } = draft;
  if (type === 'bind' || type === 'tmpfs') {
    for (const key of ['mode', 'uid', 'gid'] as const)
      if (draft[key] !== undefined) throw misplaced(draft, flag, key);
  }
  if (draft.sharing !== undefined && type !== 'cache') throw misplaced(draft, flag, 'sharing');
  if (draft.source && type === 'tmpfs') throw misplaced(draft, flag, 'source');
  if (type !== 'secret') return;
  if (draft.from) throw misplaced(draft, flag, 'from');
  if (!draft.source && !draft.target && !draft.id) {
    throw bad(flag, 'a secret mount does not say which secret', 'give it an id: --mount=type=secret,id=NAME');
  }
  if (draft.source && draft.id) throw bad(flag, 'a secret mount has both source and id', 'keep id');
}

function oneOf<T extends string>(setting: Setting, allowed: readonly T[]): T {
  const lower = setting.value.toLowerCase();
  const found = allowed.find((value) => value === lower);
  if (found) return found;
  const near = suggest(lower, allowed);
  throw badValue(setting, near ? `did you mean ${near}?` : `it is one of ${allowed.join(', ')}`);
}

function boolean(setting: Setting): boolean {
  if (/^(1|t|T|true|TRUE|True)$/.test(setting.value)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(setting.value)) return false;
  throw badValue(setting, 'it is true or false');
}

function integer(setting: Setting, radix: 8 | 10): number {
  const digits = radix === 8 ? /^[0-7]+$/ : /^[0-9]+$/;
  const number = digits.test(setting.value) ? Number.parseInt(setting.value, radix) : Number.NaN;
  if (number < 2 ** 32) return number;
  throw badValue(setting, radix === 8 ? 'it is an octal number, such as 0755' : 'it is a number');
}

function bytes(setting: Setting): number {
  const size = parseBytes(setting.value);
  if (size === undefined) throw badValue(setting, 'it is a number of bytes, or one with a unit, such as 64m');
  return size;
}

function badValue({ flag, key, value }: Setting, hint: string): MilleError {
  return bad(flag, `${key} in --mount cannot be ${quote(value)}`, hint);
}

function misplaced(draft: Draft, flag: MountFlag, key: string): MilleError {
  return bad(
    flag,
    `${key} means nothing for a mount of type ${draft.type}`,
    'remove it, or give type= before it',
  );
}

function bad(flag: MountFlag, message: string, hint: string): MilleError {
  return new MilleError('dockerfile-syntax', message, { hint, span: flag.word.span });
}
