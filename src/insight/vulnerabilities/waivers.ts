// What somebody has looked at and found not to matter: `.millevulns`, one a line, each with its reason, some until a day.

import { MilleError, type SourceText, type Span } from '../../core/index.ts';
import type { Finding } from './match.ts';

/** A vulnerability that is to be passed over. */
export interface Waiver {
  /** Any name of it. */
  readonly id: string;
  /** Of this package alone: the source's name, or that of one that is installed. */
  readonly package?: string;
  /** The last day on which it holds, `2027-01-31`. */
  readonly until?: string;
  readonly reason: string;
  /** Who says so: `.millevulns:3`. */
  readonly place: string;
}

/** A finding that is passed over. */
export interface Waived {
  readonly finding: Finding;
  readonly waiver: Waiver;
}

/** What waivers came to. */
export interface WaivedFindings {
  readonly findings: readonly Finding[];
  readonly waived: readonly Waived[];
  /** Those that have ended; what they were about counts again. */
  readonly expired: readonly Waiver[];
  /** Those that nothing was found for. */
  readonly unused: readonly Waiver[];
}

const FORM = /^(\S+)(?:\s+(?!until\s)(\S+))?(?:\s+until\s+(\S+))?$/;
const EXAMPLE = 'CVE-2023-45853 zlib until 2027-01-31 # minizip is no part of the library';

/** Reads a file of them. @throws MilleError `file-format` with the place of what is wrong */
export function readWaivers(source: SourceText): readonly Waiver[] {
  const waivers: Waiver[] = [];
  let start = 0;
  source.text.split('\n').forEach((line, i) => {
    const span: Span = { source, start, end: start + Math.max(1, line.trimEnd().length) };
    start += line.length + 1;
    const [, words = '', reason] = /^([^#]*)(?:#(.*))?$/.exec(line.trimEnd())!;
    if (words.trim() === '') return;
    const match = FORM.exec(words.trim());
    if (!match) throw wrong('this is no line about a vulnerability', span, `write for instance: ${EXAMPLE}`);
    const [, id, name, until] = match;
    if (!reason?.trim()) throw wrong(`no reason is given for ${id}`, span, `write for instance: ${EXAMPLE}`);
    if (until !== undefined && !isDay(until))
      throw wrong(`'${until}' is no day`, span, 'write year, month and day: 2027-01-31');
    waivers.push({
      ...{ id: id!, reason: reason.trim(), place: `${source.name}:${i + 1}` },
      ...(name === undefined ? {} : { package: name }),
      ...(until === undefined ? {} : { until }),
    });
  });
  return waivers;
}

/** Applies them. @param today `2026-11-26` */
export function waive(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  today: string,
): WaivedFindings {
  const expired = waivers.filter(({ until }) => until !== undefined && until < today);
  const valid = waivers.filter((one) => !expired.includes(one));
  const kept: Finding[] = [];
  const waived: Waived[] = [];
  for (const finding of findings) {
    const waiver = valid.find((one) => isAbout(one, finding));
    if (waiver) waived.push({ finding, waiver });
    else kept.push(finding);
  }
  const isUsed = (one: Waiver) => findings.some((finding) => isAbout(one, finding));
  return { findings: kept, waived, expired, unused: valid.filter((one) => !isUsed(one)) };
}

function isAbout(waiver: Waiver, { id, aliases, name, packages }: Finding): boolean {
  if (waiver.id !== id && !aliases.includes(waiver.id)) return false;
  const { package: wanted } = waiver;
  return wanted === undefined || wanted === name || packages.some((one) => one.name === wanted);
}

function isDay(text: string): boolean {
  return (
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(text).toISOString().startsWith(text)
  );
}

function wrong(message: string, span: Span, hint: string): MilleError {
  return new MilleError('file-format', message, { span, hint });
}
