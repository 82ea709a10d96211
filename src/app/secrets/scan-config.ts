// What an image says of itself: variables, labels, commands, history. None of it is in a layer, all of it can be read.

import type { ContainerConfig, HistoryEntry, OpenedImage } from '../../oci/image/index.ts';
import {
  adviceFor,
  type Detector,
  type FoundSecret,
  findSecrets,
  namesSecret,
  type Origin,
  scanCommand,
  scanVariable,
} from '../../secrets/index.ts';
import type { NewFinding } from './collect.ts';
import type { InstructionOrigin } from './origins.ts';
import { showInstruction } from './show.ts';
import type { SecretInstruction } from './types.ts';

/** What the history says, made fit to be shown, and what was found in it. */
export interface HistoryScan {
  readonly found: readonly FoundSecret[];
  readonly shown: string;
}

/** Looks through all entries of a history. */
export async function scanHistory(
  history: readonly HistoryEntry[],
  detector: Detector,
): Promise<readonly HistoryScan[]> {
  const scans: HistoryScan[] = [];
  for (const { created_by = '', comment = '' } of history) {
    const found = [...(await scanCommand(created_by, detector)), ...variables(created_by)];
    const inComment = comment === '' ? [] : await scanCommand(comment, detector);
    scans.push({
      found: unique([...found, ...inComment]).map((one) => withName(created_by, one)),
      shown: showInstruction(created_by, found),
    });
  }
  return scans;
}

/** `ENV NAME=value`, `LABEL name=value`, `ARG NAME=value` as histories have them. */
function variables(text: string): FoundSecret[] {
  const match = /^(?:\/bin\/sh -c #\(nop\)\s+)?(ENV|ARG|LABEL)\s+(.*)$/s.exec(text);
  if (!match) return [];
  const base = text.length - match[2]!.length;
  const found: FoundSecret[] = [];
  for (const pair of match[2]!.matchAll(/([A-Za-z_][\w.-]*)=("(?:[^"\\]|\\.)*"|\S*)/g)) {
    const value = pair[2]!.replace(/^"|"$/g, '');
    const one = scanVariable(pair[1]!, value);
    const start = base + pair.index + pair[1]!.length + 1;
    if (one) found.push({ ...one, offset: start, length: pair[2]!.length });
  }
  return found;
}

/** The variable whose value was found by its form. */
function withName(text: string, one: FoundSecret): FoundSecret {
  if (one.name !== undefined) return one;
  const name = /([A-Za-z_][\w.-]*)=["']?$/.exec(text.slice(0, one.offset))?.[1];
  return name === undefined ? one : { ...one, name };
}

function unique(found: readonly FoundSecret[]): FoundSecret[] {
  return found.filter(
    (one, i) =>
      !found.slice(0, i).some(({ offset, length }) => one.offset >= offset && one.offset < offset + length),
  );
}

/** What to scan, and what is known of it. */
export interface ConfigScan {
  readonly image: OpenedImage;
  readonly detector: Detector;
  readonly history: readonly HistoryScan[];
  readonly origins: readonly InstructionOrigin[];
  /** Whether an entry of the history is the base's. */
  readonly ofBase: (entry: number) => boolean;
  /** As the instruction of an entry is to be shown. */
  readonly instruction: (entry: number) => SecretInstruction;
}

/** What the config and the history give away. */
export async function scanConfig(scan: ConfigScan): Promise<readonly NewFinding[]> {
  const findings: NewFinding[] = [];
  const { config = {} } = scan.image.config;
  findings.push(...(await environment(scan, config)));
  findings.push(...(await labels(scan, config)));
  findings.push(...(await commands(scan, config)));
  const inEnvironment = new Set(findings.flatMap(({ name }) => (name === undefined ? [] : [name])));
  /** Arguments stand before every command after their ARG: the first one tells of them. */
  const told = new Set<string>();
  for (const [index, { found }] of scan.history.entries()) {
    const text = scan.image.config.history?.[index]?.created_by ?? '';
    const kind = /^(?:\/bin\/sh -c #\(nop\)\s+)?(ENV|ARG|LABEL|CMD|ENTRYPOINT|HEALTHCHECK)\b/.exec(text)?.[1];
    for (const one of found) {
      // What the config has as well is told once.
      if (kind !== undefined && kind !== 'ARG' && one.name !== undefined && inEnvironment.has(one.name))
        continue;
      if (kind === 'CMD' || kind === 'ENTRYPOINT' || kind === 'HEALTHCHECK') continue;
      if (one.name !== undefined && told.has(one.name)) continue;
      if (one.name !== undefined) told.add(one.name);
      findings.push({
        ...shared(one),
        where: 'history',
        path: `history[${index}]`,
        offset: one.offset,
        instruction: scan.instruction(index),
        visible: true,
        advice: adviceFor(originInHistory(scan, index, { kind, name: one.name })),
      });
    }
  }
  return findings;
}

function originInHistory(
  { ofBase }: ConfigScan,
  index: number,
  { kind, name }: { readonly kind: string | undefined; readonly name: string | undefined },
): Origin {
  if (ofBase(index)) return { kind: 'base' };
  if (name === undefined) return { kind: 'command' };
  if (kind === 'LABEL') return { kind: 'label', name };
  return { kind: 'variable', name, instruction: kind === 'ENV' ? 'ENV' : 'ARG' };
}

function shared(one: FoundSecret): Pick<NewFinding, 'rule' | 'severity' | 'shown' | 'name'> {
  const { rule, severity, shown, name } = one;
  return { rule, severity, shown, ...(name === undefined ? {} : { name }) };
}

async function environment(scan: ConfigScan, { Env = [] }: ContainerConfig): Promise<NewFinding[]> {
  const findings: NewFinding[] = [];
  for (const pair of Env) {
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    const one = await ofPair(scan.detector, name, pair.slice(equals + 1));
    if (one)
      findings.push(
        placed(scan, one, {
          name,
          path: `Env ${name}`,
          pattern: new RegExp(`^(?:.*\\s)?ENV\\b.*\\b${escaped(name)}[= ]`, 's'),
        }),
      );
  }
  return findings;
}

async function labels(scan: ConfigScan, { Labels = {} }: ContainerConfig): Promise<NewFinding[]> {
  const findings: NewFinding[] = [];
  for (const [name, value] of Object.entries(Labels)) {
    const one = await ofPair(scan.detector, name, value);
    if (one)
      findings.push(
        placed(scan, one, {
          name,
          path: `Labels ${name}`,
          pattern: new RegExp(`^(?:.*\\s)?LABEL\\b.*${escaped(name)}`, 's'),
        }),
      );
  }
  return findings;
}

async function commands(scan: ConfigScan, config: ContainerConfig): Promise<NewFinding[]> {
  const texts: readonly (readonly [path: string, keyword: string, words: readonly string[] | undefined])[] = [
    ['Cmd', 'CMD', config.Cmd],
    ['Entrypoint', 'ENTRYPOINT', config.Entrypoint],
    ['Healthcheck', 'HEALTHCHECK', config.Healthcheck?.Test],
    ['OnBuild', 'ONBUILD', config.OnBuild],
  ];
  const findings: NewFinding[] = [];
  for (const [path, keyword, words = []] of texts)
    for (const one of await scanCommand(words.join(' '), scan.detector))
      findings.push(placed(scan, one, { path, pattern: new RegExp(`^(?:.*\\s)?${keyword}\\b`, 's') }));
  return findings;
}

/** By its name, or by the form of the value. */
export async function ofPair(
  detector: Detector,
  name: string,
  value: string,
): Promise<FoundSecret | undefined> {
  const [byForm] = await findSecrets([{ text: value, offset: 0 }], { detector, path: '', kind: 'other' });
  if (byForm) return { ...byForm, name };
  return namesSecret(name) ? scanVariable(name, value) : undefined;
}

/** In the config, blamed on the last instruction of the history that set it. */
function placed(
  scan: ConfigScan,
  one: FoundSecret,
  at: { readonly name?: string; readonly path: string; readonly pattern: RegExp },
): NewFinding {
  const entry = (scan.image.config.history ?? []).findLastIndex(({ created_by = '' }) =>
    at.pattern.test(created_by),
  );
  const base = entry >= 0 && scan.ofBase(entry);
  const origin: Origin = base
    ? { kind: 'base' }
    : at.name === undefined
      ? { kind: 'command' }
      : at.path.startsWith('Labels')
        ? { kind: 'label', name: at.name }
        : { kind: 'variable', name: at.name, instruction: 'ENV' };
  return {
    ...shared(one),
    where: 'config',
    path: at.path,
    offset: 0,
    ...(entry >= 0 ? { instruction: scan.instruction(entry) } : {}),
    visible: true,
    advice: adviceFor(origin),
  };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
