// What was measured of bases, as rows of a table: the same for the terminal and for the page.

import type { BuiltOn, CompareBasesResult, ComparedBase } from '../../../app/index.ts';
import { formatSize } from '../size.ts';
import { untilOf } from '../tags/until.ts';
import { formatSeconds } from '../time.ts';
import { partNotes, partRows, partTroubles } from './compare-parts.ts';

/** What is said of one base. */
export interface FactCell {
  /** Lines. */
  readonly lines: readonly string[];
  readonly tone?: 'good' | 'bad' | 'warn' | 'faint';
}

/** One fact of all of them. */
export interface FactRow {
  readonly name: string;
  readonly cells: readonly FactCell[];
}

const UNKNOWN: FactCell = { lines: ['-'], tone: 'faint' };

/** @param now milliseconds since the epoch */
export function factRows({ bases, project }: CompareBasesResult, now: number): readonly FactRow[] {
  const row = (name: string, cell: (base: ComparedBase) => FactCell): FactRow => ({
    name,
    cells: bases.map(cell),
  });
  const platforms = new Set(bases.map(({ platform }) => platform));
  const rows: readonly (FactRow | undefined)[] = [
    platforms.size > 1 ? row('platform', ({ platform }) => said(platform)) : undefined,
    row('compressed', ({ bytes }) => sized(bytes.compressed, least(bases, 'compressed'))),
    row('unpacked', ({ bytes }) => sized(bytes.unpacked, least(bases, 'unpacked'))),
    row('here', here),
    row('packages', packages),
    row('system', ({ system, distribution }) => said(system ?? distribution?.name)),
    row('libc', ({ libc }) => said(libc && [libc.name, libc.version].filter(Boolean).join(' '))),
    row('shell', ({ shells }) => (shells.length > 0 ? said(shells.join(', ')) : none())),
    row('installs', ({ installers }) => (installers.length > 0 ? said(installers.join(', ')) : none())),
    row('user', ({ user }) => said(user)),
    row('supported', (base) => supported(base, now)),
    row('vulnerable', vulnerable),
    ...partRows(bases),
    ...(project ? builtRows(bases) : []),
  ];
  return rows.filter((one) => one !== undefined);
}

/** By severity, and how many of all a newer version of the packages is without. */
function vulnerable({ vulnerabilities }: ComparedBase): FactCell {
  if (!vulnerabilities) return { lines: ['no data'], tone: 'faint' };
  const { all, fixable, bySeverity } = vulnerabilities;
  if (all === 0) return { lines: ['none known'], tone: 'good' };
  const shown = Object.entries(bySeverity).filter(([, one]) => one.all > 0);
  const worst = shown.map(([severity]) => severity).some((one) => one === 'critical' || one === 'high');
  return {
    lines: [...shown.map(([severity, one]) => `${one.all} ${severity}`), `${fixable} of ${all} can be fixed`],
    ...(worst ? { tone: 'bad' } : {}),
  };
}

/** What was built on each. */
function builtRows(bases: readonly ComparedBase[]): readonly (FactRow | undefined)[] {
  const built = bases.flatMap(({ on }) => (on?.outcome === 'built' ? [on] : []));
  const row = (
    name: string,
    cell: (on: BuiltOn, base: ComparedBase) => FactCell,
    failed = UNKNOWN,
  ): FactRow => ({
    name,
    cells: bases.map((base) => (base.on?.outcome === 'built' ? cell(base.on, base) : failed)),
  });
  const fastest = Math.min(...built.map(({ seconds }) => seconds));
  const smallest = Math.min(...built.map(({ bytes }) => bytes));
  return [
    row(
      'build',
      ({ seconds, rounds }) => ({
        lines: [
          `${formatSeconds(seconds)}${more(seconds, fastest)}`,
          ...(rounds.length > 1
            ? [`${formatSeconds(Math.min(...rounds))} to ${formatSeconds(Math.max(...rounds))}`]
            : []),
        ],
        ...(seconds === fastest ? { tone: 'good' } : {}),
      }),
      { lines: ['failed'], tone: 'bad' },
    ),
    row('image', ({ bytes }) => sized(bytes, smallest)),
    row('of that own', ({ bytes }, base) => said(formatSize(Math.max(0, bytes - base.bytes.unpacked)))),
    built.some(({ checks }) => checks.length > 0)
      ? row('checks', ({ checks }) => checked(checks))
      : undefined,
    row('programs fit', ({ misfits }) =>
      misfits.length === 0
        ? { lines: ['yes'] }
        : { lines: [`${new Set(misfits.map(({ path }) => path)).size} do not`], tone: 'bad' },
    ),
  ];
}

function checked(checks: BuiltOn['checks']): FactCell {
  const failed = checks.filter(({ status }) => status !== 0).length;
  if (failed === 0)
    return { lines: [checks.length === 1 ? 'passed' : `all ${checks.length} passed`], tone: 'good' };
  return { lines: [`${failed} of ${checks.length} failed`], tone: 'bad' };
}

function said(text: string | undefined): FactCell {
  return text === undefined || text === '' ? UNKNOWN : { lines: [text] };
}

function none(): FactCell {
  return { lines: ['none'], tone: 'faint' };
}

function least(bases: readonly ComparedBase[], which: 'compressed' | 'unpacked'): number {
  return Math.min(...bases.flatMap(({ bytes }) => bytes[which] ?? []));
}

function sized(bytes: number | undefined, smallest: number): FactCell {
  if (bytes === undefined) return UNKNOWN;
  return {
    lines: [`${formatSize(bytes)}${more(bytes, smallest)}`],
    ...(bytes === smallest ? { tone: 'good' } : {}),
  };
}

/** ` (2.3x)`, where that is something. */
function more(value: number, least: number): string {
  const times = value / least;
  return times >= 1.05 && Number.isFinite(times) ? ` (${Number(times.toPrecision(2))}x)` : '';
}

function here({ here: own, layers, bytes }: ComparedBase): FactCell {
  if (own.layers === 0) return { lines: [`none of ${count(layers, 'layer')}`] };
  if (own.layers === layers) return { lines: [layers === 1 ? 'its layer' : `all ${layers} layers`] };
  return {
    lines: [`${own.layers} of ${layers} layers`, `${formatSize(bytes.unpacked - own.bytes)} are not`],
  };
}

function packages({ packages: all }: ComparedBase): FactCell {
  if (all.length === 0) return none();
  return { lines: all.map(({ type, count: number }) => `${number} ${type}`) };
}

function supported({ support }: ComparedBase, now: number): FactCell {
  const known = [support.distribution, support.product].flatMap((one) =>
    one ? [{ title: one.title, ...untilOf(one, now) }] : [],
  );
  if (known.length === 0) return UNKNOWN;
  const states = known.map(({ state }) => state);
  const tone = states.includes('ended') ? 'bad' : states.includes('extended') ? 'warn' : undefined;
  return {
    lines: known.map(({ title, text }) => `${title}: ${text}`),
    ...(tone === undefined ? {} : { tone }),
  };
}

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}

/** What takes more words than a cell has: why a build failed, which command, which program. */
export interface Trouble {
  readonly name: string;
  readonly what: string;
  /** Sentences, each perhaps with what to do. */
  readonly reasons: readonly { readonly text: string; readonly hint?: string }[];
  /** Its last words. */
  readonly output: readonly string[];
  /** It may work all the same. */
  readonly mild?: boolean;
}

/** Programs that are told of, of each base. */
const MOST_MISFITS = 6;
/** Lines of output beside reasons, and without any. */
const [FEW, SOME] = [3, 8];

/** All of it, base by base. */
export function troublesOf({ bases }: CompareBasesResult): readonly Trouble[] {
  return bases.flatMap(({ name, on, parts }): Trouble[] => [
    ...(parts ? partTroubles(name, parts) : []),
    ...builtTroubles(name, on),
  ]);
}

function builtTroubles(name: string, on: ComparedBase['on']): readonly Trouble[] {
  if (!on) return [];
  if (on.outcome === 'failed') {
    const place = on.line === undefined ? '' : `line ${on.line}: `;
    const what = on.network ? 'the network failed' : `${place}${on.message}`;
    return [{ name, what, reasons: on.reasons, output: last(on.output, on.reasons) }];
  }
  const checks = on.checks
    .filter(({ status }) => status !== 0)
    .map(
      ({ command, status, late, output, reasons = [] }): Trouble => ({
        ...{ name, what: `${command}: ${late ? 'took too long' : `exit status ${status}`}` },
        ...{ reasons, output: last(output, reasons) },
      }),
    );
  const { misfits } = on;
  if (misfits.length === 0) return checks;
  const shown = misfits.slice(0, MOST_MISFITS).map(({ path, text }) => ({ text: `/${path} ${text}` }));
  const others = misfits.length - shown.length;
  const rest = others > 0 ? [{ text: `and ${others} more` }] : [];
  return [...checks, { name, what: 'programs that do not fit', reasons: [...shown, ...rest], output: [] }];
}

function last(output: readonly string[], reasons: readonly unknown[]): readonly string[] {
  return output.slice(reasons.length > 0 ? -FEW : -SOME);
}

/** How the figures of builds came about. */
export function buildNotes({ project, bases }: CompareBasesResult): readonly string[] {
  const installed = partNotes(bases);
  if (!project || !bases.some(({ on }) => on?.outcome === 'built')) return installed;
  const { rounds, froms, dockerfile, notes } = project;
  const where = froms.map(({ line, stage }) => `line ${line} (${stage})`).join(', ');
  const how =
    rounds === 1
      ? 'once each: what was fetched meanwhile, and how fast, is in the seconds (--rounds 3 takes the least of three)'
      : `${rounds} times each, in turns: the least counts`;
  return [
    `Built: ${dockerfile}, ${where}. From nothing, the base fetched before, ${how}.`,
    ...notes.map((one) => `${one}.`),
    ...installed,
  ];
}
