// The known vulnerabilities of an image: a table, the worst first, and in words what the figures mean and what they don't.

import type { Finding, VulnerabilitiesResult, VulnerabilityCounts } from '../../../app/index.ts';
import { ageInWords } from '../../../core/index.ts';
import { bringerText } from '../layer-cause.ts';
import { oneLine } from '../sanitize.ts';
import { makeStyle, type Paint, type Style } from '../style.ts';
import { renderTable } from '../table.ts';
import { cutText, padText } from '../width.ts';
import { notLookedUpText } from './not-looked-up.ts';

/** How to show them. */
export interface VulnerabilitiesStyle {
  readonly color: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What is counted apart, too. */
  readonly all: boolean;
  /** Without the table. */
  readonly quiet?: boolean;
}

const NAME_COLUMNS = 44;
const VERSION_COLUMNS = 28;
const CAUSE_COLUMNS = 44;
const SEVERITY_COLUMNS = 'negligible'.length;

/**
 * What `mille vuln` prints.
 * @param shown those of the findings that were asked for
 */
export function renderVulnerabilities(
  result: VulnerabilitiesResult,
  shown: readonly Finding[],
  style: VulnerabilitiesStyle,
): string {
  const parts = style.quiet || shown.length === 0 ? [] : [table(result, shown, makeStyle(style.color))];
  return [...parts, `${summary(result, shown, style).join('\n')}\n`].join('\n');
}

function table({ layers }: VulnerabilitiesResult, shown: readonly Finding[], style: Style): string {
  const rows = shown.map((finding) => [
    paintOf(finding, style)(padText(severityWord(finding), SEVERITY_COLUMNS)),
    oneLine(finding.id),
    packageText(finding),
    cutText(oneLine(finding.version), VERSION_COLUMNS),
    fixText(finding),
    cutText(
      [...new Set(finding.packages.map(({ layer }) => bringerText(layers[layer]!, CAUSE_COLUMNS)))].join(
        ', ',
      ),
      CAUSE_COLUMNS,
    ),
  ]);
  return renderTable(['SEVERITY', 'VULNERABILITY', 'PACKAGE', 'VERSION', 'FIXED IN', 'BROUGHT BY'], rows);
}

function severityWord({ severity, malicious }: Finding): string {
  return malicious ? 'malicious' : severity;
}

function paintOf({ severity }: Finding, { bad, warn, faint }: Style): Paint {
  if (severity === 'critical' || severity === 'high') return bad;
  if (severity === 'medium') return warn;
  return severity === 'low' ? (text) => text : faint;
}

/** The source that advisories speak of, and what is installed of it. */
function packageText({ name, packages }: Finding): string {
  const installed = [...new Set(packages.map((one) => one.name))].filter((one) => one !== name);
  const own = oneLine(name);
  return cutText(
    installed.length === 0 ? own : `${own} (${installed.map(oneLine).join(', ')})`,
    NAME_COLUMNS,
  );
}

function fixText({ ecosystem, fixed, fixedIn, endOfLife }: Finding): string {
  if (fixed !== undefined) return cutText(oneLine(fixed), VERSION_COLUMNS);
  const release = fixedIn[0];
  if (release !== undefined) return `${ecosystem} ${oneLine(release)}`;
  return endOfLife ? 'never: unsupported' : '-';
}

const COUNTED = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

function summary(
  result: VulnerabilitiesResult,
  shown: readonly Finding[],
  { now, all }: VulnerabilitiesStyle,
): string[] {
  const { image, system, counts, lookedUp, data, waived, expired, unused, notes } = result;
  const title = oneLine(image.title);
  const name = system ? oneLine(system.name ?? system.id) : 'no distribution';
  const first =
    counts === undefined
      ? `${title} (${name}): no figure, since none of its packages could be looked up.`
      : lookedUp === 0
        ? `${title} (${name}) holds no package that its files tell of: nothing was looked up.`
        : `${title} (${name}): ${plural(lookedUp, 'package')} looked up, ${countsText(counts)}.`;
  const filtered =
    counts === undefined
      ? 0
      : result.findings.filter(({ apart }) => !apart).length - shown.filter(({ apart }) => !apart).length;
  return [
    first,
    ...(counts === undefined ? [] : mendText(result)),
    ...(filtered > 0 ? [`${plural(filtered, 'row')} of the table left out, as the flags say.`] : []),
    ...(counts === undefined || all ? [] : apartText(counts)),
    ...(waived.length === 0
      ? []
      : [
          `Passed over: ${waived
            .map(
              ({ finding, waiver }) =>
                `${oneLine(finding.id)} of ${oneLine(finding.name)} (${oneLine(waiver.reason)})`,
            )
            .slice(0, 10)
            .join('; ')}${waived.length > 10 ? `; and ${waived.length - 10} more` : ''}.`,
        ]),
    ...expired.map(
      ({ id, until, place }) =>
        `note: ${oneLine(place)}: ${oneLine(id)} was to be passed over until ${until}; it counts again`,
    ),
    ...unused.map(({ id, place }) => `note: ${oneLine(place)}: nothing was found of ${oneLine(id)}`),
    ...notLookedUpText(result.notLookedUp),
    ...data.map((one) => dataText(one, now)),
    ...notes.map((note) => `note: ${oneLine(note)}`),
  ];
}

const OLD = 14 * 24 * 3_600_000;

function dataText({ ecosystem, records, asOf }: VulnerabilitiesResult['data'][number], now: number): string {
  const age = asOf === undefined ? '' : `, data of ${ageText(asOf, now)}`;
  const old = asOf !== undefined && now - Date.parse(asOf) > OLD ? ': mille vuln update fetches newer' : '';
  return `${oneLine(ecosystem)}: ${plural(records, 'record')}${age}${old}.`;
}

/** `2026-11-20, 6 days old`. */
export function ageText(asOf: string, now: number): string {
  const at = Date.parse(asOf);
  const day = oneLine(asOf).slice(0, 10);
  return Number.isNaN(at) || at > now ? day : `${day}, ${ageInWords(now - at)} old`;
}

/** `12 vulnerabilities: 2 critical, 10 high; 8 are mended by newer versions`. */
function countsText({ all, fixable, bySeverity }: VulnerabilityCounts): string {
  if (all === 0) return 'no known vulnerability';
  const parts = COUNTED.flatMap((one) => (bySeverity[one].all > 0 ? [`${bySeverity[one].all} ${one}`] : []));
  const known = `${all} known ${all === 1 ? 'vulnerability' : 'vulnerabilities'}: ${parts.join(', ')}`;
  if (fixable === 0) return `${known}; no newer version of the packages mends any`;
  return `${known}; newer versions of the packages mend ${fixable === all ? 'all' : fixable}`;
}

/** Who can mend what: the base is somebody else's. */
function mendText({ findings, layers }: VulnerabilitiesResult): string[] {
  const counted = findings.filter(({ apart }) => apart === undefined);
  const ofBase = counted.filter(({ packages }) =>
    packages.every(({ layer }) => layers[layer]!.base !== undefined),
  );
  const ids = (some: readonly Finding[]) => new Set(some.map(({ id }) => id)).size;
  const base = layers.find((layer) => layer.base !== undefined)?.base;
  const elsewhere = counted.filter(({ fixed, fixedIn }) => fixed === undefined && fixedIn.length > 0);
  const mended = ofBase.filter(({ fixed }) => fixed !== undefined);
  return [
    ...(base === undefined || ofBase.length === 0
      ? []
      : [
          mended.length === 0
            ? `${ids(ofBase)} came with the base ${oneLine(base)}: none has a fix there yet.`
            : `${ids(ofBase)} came with the base ${oneLine(base)}: a newer build of it, or an upgrade on top of it, mends ${ids(mended)}.`,
        ]),
    ...(elsewhere.length === 0
      ? []
      : [
          `${ids(elsewhere)} without a fix here ${ids(elsewhere) === 1 ? 'is' : 'are'} mended in a newer release: ${releases(elsewhere)}.`,
        ]),
  ];
}

function releases(findings: readonly Finding[]): string {
  const names = findings.map(({ ecosystem, fixedIn }) => `${ecosystem} ${oneLine(fixedIn[0]!)}`);
  return [...new Set(names)].sort().join(', ');
}

function apartText({ apart }: VulnerabilityCounts): string[] {
  const parts = [
    ...(apart.unimportant > 0 ? [`${apart.unimportant} that the distribution holds for unimportant`] : []),
    ...(apart.headers > 0 ? [`${apart.headers} of the kernel, of which headers alone are here`] : []),
  ];
  return parts.length === 0 ? [] : [`Not counted: ${parts.join(', ')} (--all lists them).`];
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
