// Two lists of inputs compared, and what differs put into words. Values come as `storedInput` left them.

import { displayPath, looksSecret, type MissReason } from '../../core/index.ts';
import { type NamedInput, readFileInput } from '../graph/index.ts';
import { isHidden, sameValue } from './concealed.ts';

/** An input that is not the same in two lists; absent on the side that does not have it. */
export interface Difference {
  readonly kind: NamedInput['kind'];
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** What differs between an earlier list and this one, in the order of this one, what is gone last. */
export function differences(
  before: readonly NamedInput[],
  after: readonly NamedInput[],
): readonly Difference[] {
  // Most of two long lists is the same, in the same order: only what lies between is looked at more closely.
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && same(before[head]!, after[head]!)) head++;
  let tail = 0;
  while (tail < most - head && same(before.at(-1 - tail)!, after.at(-1 - tail)!)) tail++;
  const between = before.slice(head, before.length - tail);
  const old = new Map(between.map((input) => [identity(input), input]));
  const result: Difference[] = [];
  for (const input of after.slice(head, after.length - tail)) {
    const id = identity(input);
    const earlier = old.get(id);
    old.delete(id);
    if (earlier && sameValue(earlier.value, input.value)) continue;
    const { kind, name, value } = input;
    result.push({ kind, name, ...(earlier ? { before: earlier.value } : {}), after: value });
  }
  for (const { kind, name, value } of old.values()) result.push({ kind, name, before: value });
  return result;
}

function same(a: NamedInput, b: NamedInput): boolean {
  return a.name === b.name && sameValue(a.value, b.value) && a.kind === b.kind;
}

function identity({ kind, name }: NamedInput): string {
  return `${kind}\0${name}`;
}

/**
 * What the step stands on, for words about a changed parent. `earlier-step`: not the one right before it, which made
 * the same as before on something that changed.
 */
export interface ParentName {
  readonly kind: 'base' | 'stage' | 'step' | 'earlier-step';
  /** The base image, the name of the stage, or the title of the step. */
  readonly title: string;
  /** A step lies between, which made what it had made before. */
  readonly onStep?: boolean;
  /** Before, the step stood on another step: where it stands on a base now, that need not have changed. */
  readonly wasStep?: boolean;
}

/** More files than this are summed up. */
const MOST_FILES = 3;

/**
 * Words for differences, the most telling first.
 * @param sameLine the instruction was written as it is now
 */
export function wordReasons(
  all: readonly Difference[],
  parent?: ParentName,
  sameLine = false,
): readonly MissReason[] {
  const instruction = all.find((difference) => difference.kind === 'instruction');
  const edited = instruction !== undefined;
  const of = (...kinds: readonly NamedInput['kind'][]) => all.filter(({ kind }) => kinds.includes(kind));
  return [
    ...(instruction ? [sameLine ? expandedReason(instruction) : EDITED] : []),
    // A step that no longer stands on anything, or now does, has another flag that says so.
    ...of('parent')
      .filter(({ before, after }) => before !== undefined && after !== undefined)
      .map(() => parentReason(parent)),
    ...of('argument', 'environment').map(variableReason),
    // Another set of sources has other files: that is no news once the instruction was edited.
    ...(edited ? [] : fileReasons(of('file'))),
    ...of('source').map(({ name }): MissReason => other(name, `${name || 'a source'} changed`)),
    ...commitReasons(of('commit'), edited),
    ...of('workdir', 'user', 'network', 'security', 'platform').map(settingReason),
    ...(edited ? [] : of('option', 'mount').map(flagReason)),
  ];
}

const EDITED: MissReason = { kind: 'instruction', subject: 'instruction', text: 'instruction edited' };

/** The line says the same and means something else, for a variable, SHELL, WORKDIR or a here-document changed. */
function expandedReason({ name, before = '', after = '' }: Difference): MissReason {
  return {
    kind: 'instruction',
    subject: 'instruction',
    text: `${expandedPart(name, before, after)} changed`,
  };
}

function expandedPart(name: string, before: string, after: string): string {
  if (name === 'WORKDIR') return 'the path';
  const [old, now] = [readList(before), readList(after)];
  // Kept as a digest: too long, or with a password in it.
  if (!old || !now) return name === 'RUN' ? 'SHELL or here-document' : 'what it expands to';
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (name !== 'RUN') return same(old[0], now[0]) ? 'the destination' : 'what its sources expand to';
  const shell = ([argv]: readonly unknown[]): unknown => (Array.isArray(argv) ? argv.slice(0, -1) : argv);
  return same(shell(old), shell(now)) ? 'here-document' : 'SHELL';
}

function readList(value: string): readonly unknown[] | undefined {
  return value.startsWith('[') ? (JSON.parse(value) as unknown[]) : undefined;
}

function other(subject: string, text: string): MissReason {
  return { kind: 'other', subject, text };
}

function parentReason(parent: ParentName | undefined): MissReason {
  const { kind = 'step', title = '', onStep = false } = parent ?? {};
  const wasStep = parent?.wasStep === true && !onStep;
  const name = title === '' ? '' : shown(title);
  const texts = {
    base: wasStep ? `it stands on base image ${name} now, not on a step` : `base image ${name} changed`,
    stage: wasStep ? `it stands on stage ${name} now, not on a step` : `stage ${name} changed`,
    step: `the step before it changed${name === '' ? '' : `: ${name}`}`,
    'earlier-step': `an earlier step changed: ${name}`,
  };
  return { kind: 'parent', subject: title, text: texts[kind].replace('  ', ' ') };
}

function variableReason({ kind, name, before, after }: Difference): MissReason {
  const what = kind === 'argument' ? `build argument ${name}` : `environment ${name}`;
  return {
    kind: kind === 'argument' ? 'argument' : 'environment',
    subject: name,
    text: `${what}${change()}`,
  };

  function change(): string {
    const hidden = looksSecret(name) || isHidden(before) || isHidden(after);
    if (after === undefined) return ' is no longer set';
    if (hidden) return before === undefined ? ' is new' : ' changed';
    return before === undefined ? ` is new: ${shown(after)}` : `: ${shown(before)} → ${shown(after)}`;
  }
}

function shown(value: string): string {
  if (value === '') return "''";
  const text = displayPath(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** After an edit other repositories are no news, another commit of the same one is. */
function commitReasons(all: readonly Difference[], edited: boolean): readonly MissReason[] {
  return all
    .filter(({ before, after }) => !edited || (before !== undefined && after !== undefined))
    .map(commitReason);
}

/** Enough of a commit's id to tell it from others, as git shows it. */
const SHORT_COMMIT = 7;

function commitReason({ name, before, after }: Difference): MissReason {
  const [old, now] = [before, after].map((commit) => commit?.slice(0, SHORT_COMMIT));
  const source = shown(name);
  if (old === undefined) return other(name, `${source} is new`);
  if (now === undefined) return other(name, `${source} is no longer taken`);
  return other(name, `commit of ${source} changed: ${old} → ${now}`);
}

function settingReason({ kind, before, after }: Difference): MissReason {
  const words: Readonly<Record<string, string>> = { workdir: 'working directory' };
  const value = (text: string | undefined): string => shown(text || (kind === 'user' ? 'root' : ''));
  return other(kind, `${words[kind] ?? kind}: ${value(before)} → ${value(after)}`);
}

function flagReason({ kind, name, before, after }: Difference): MissReason {
  const verb = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  const flag = name.replace(/^[0-9]+ /, '').replace(/ [0-9]+$/, '');
  if (kind === 'mount') return other(name, `mount ${shown(flag)} ${verb}`);
  // What is no flag of an instruction, such as SOURCE_DATE_EPOCH, is written in capitals.
  const written = /^[A-Z]/.test(flag) ? flag : `--${flag}`;
  const only = before === undefined ? after : after === undefined ? before : undefined;
  if (only === 'true') return other(flag, `${written} ${verb}`);
  if (only !== undefined) return other(flag, `${written}=${shown(only)} ${verb}`);
  return other(flag, `${written}: ${shown(before ?? '')} → ${shown(after ?? '')}`);
}

function fileReasons(files: readonly Difference[]): readonly MissReason[] {
  const [first, second, ...rest] = files;
  if (!first || !second || files.length <= MOST_FILES) {
    return files.map((file) => ({ kind: 'file', subject: file.name, text: fileText(file) }));
  }
  const verbs = new Set(files.map(fileVerb));
  const verb = verbs.size === 1 ? fileVerb(first) : 'changed';
  const text = `${fileName(first)}, ${fileName(second)} and ${rest.length} more files ${verb}`;
  return [{ kind: 'file', subject: first.name, text }];
}

function fileName({ name }: Difference): string {
  if (name.startsWith('<<')) return `here-document ${displayPath(name.slice(2))}`;
  return name === '' ? '.' : displayPath(name);
}

function fileVerb({ before, after }: Difference): string {
  return before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
}

const TYPES: Readonly<Record<string, string>> = {
  dir: 'directory',
  symlink: 'symbolic link',
  char: 'device',
  block: 'device',
};

function fileText(file: Difference): string {
  const name = fileName(file);
  const before = readFileInput(file.before ?? '');
  const after = readFileInput(file.after ?? '');
  if (!before || !after || before.content !== after.content) {
    if (before && after && before.type !== after.type) return typeText(name, before.type, after.type);
    if (before && after && before.type === 'symlink')
      return `link ${name}: ${before.content} → ${after.content}`;
    return `${name} ${fileVerb(file)}`;
  }
  if (before.type !== after.type) return typeText(name, before.type, after.type);
  if (before.sameAs !== after.sameAs) return nameText(name, before.sameAs, after.sameAs);
  if (before.mode !== after.mode) return `mode of ${name}: ${before.mode} → ${after.mode}`;
  if (before.time !== after.time)
    return `time of ${name}: ${timeText(before.time)} → ${timeText(after.time)}`;
  return `owner of ${name}: ${before.owner} → ${after.owner}`;
}

/** Times count only where they are clamped, and then those before: the others are one. */
function timeText(seconds: number | undefined): string {
  if (seconds === undefined) return 'a later one';
  // Beyond the year 275,760 there are no dates.
  return Math.abs(seconds) > 8e12 ? `${seconds}` : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function nameText(name: string, before: string | undefined, after: string | undefined): string {
  return after === undefined
    ? `${name}: was a hard link to ${displayPath(before ?? '')}, now a file of its own`
    : `${name}: now a hard link to ${displayPath(after)}`;
}

function typeText(name: string, before: string, after: string): string {
  return `${name}: was a ${TYPES[before] ?? before}, now a ${TYPES[after] ?? after}`;
}
