// What `mille base set` prints: the difference, and with a proof what else is not the same.

import type { BasePackageChange, BaseProof, SetBaseResult } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { formatSize } from '../size.ts';
import { makeStyle, type Style } from '../style.ts';
import { formatSeconds } from '../time.ts';
import { diffHead, hunkBody, hunkHead } from '../unified-diff.ts';

/** Packages of each kind of change that are named. */
const MOST = 12;

/** For people. */
export function renderSetBase(result: SetBaseResult, color: boolean): string {
  const style = makeStyle(color);
  const { file, notes, proof, reference } = result;
  if (!file) return `FROM says ${oneLine(reference)} already.\n`;
  const diff = [
    ...diffHead(file.name, file.name, style),
    ...file.hunks.flatMap((hunk) => [style.active(hunkHead(hunk)), ...hunkBody(hunk.lines, style)]),
  ];
  return [
    `${diff.join('\n')}\n`,
    ...(notes.length > 0 ? ['\n', ...notes.map((one) => `${sentence(one)}\n`)] : []),
    ...(proof ? [`\n${proofText(proof, style)}`] : []),
    `\n${file.written ? `${oneLine(file.name)} is written.` : notWritten(result)}\n`,
  ].join('');
}

function notWritten({ proof, file }: SetBaseResult): string {
  const name = oneLine(file?.name ?? 'Dockerfile');
  if (!proof) return `${name} is not written: --write does that, --prove builds with both before.`;
  if (proof.outcome === 'alike') return `${name} is not written: --write does that.`;
  return `${name} is not written.`;
}

function proofText({ before, after, packages, checks, misfits, outcome }: BaseProof, style: Style): string {
  const sizes = `${formatSize(before.bytes)} before, ${formatSize(after.bytes)} after`;
  const seconds = `${formatSeconds(before.seconds)} before, ${formatSeconds(after.seconds)} after (once, from nothing)`;
  const lines: (readonly [string, string])[] = [
    ['image', sizes],
    ['build', seconds],
    ['packages', packageText(packages)],
    ...named(packages),
    ...checks.map((one): [string, string] => [
      one.outcome === 'alike' ? 'alike' : one.outcome,
      `${one.command}${one.why === undefined ? '' : `: ${one.why}`}`,
    ]),
    ...misfits.slice(0, MOST).map(({ path, text }): [string, string] => ['misfit', `/${path} ${text}`]),
  ];
  const head = {
    alike: style.good('Built with both: what was asked ends alike.'),
    different: style.bad('Built with both: they do not behave alike.'),
    silent: style.warn(
      'Built with both: nothing that was asked says that they behave alike (--check "COMMAND" asks).',
    ),
  }[outcome];
  return `${head}\n${lines.map(([name, text]) => `  ${name.padEnd(10)}${oneLine(text)}\n`).join('')}`;
}

function packageText(packages: readonly BasePackageChange[]): string {
  const [gone, come, other] = sorted(packages);
  if (packages.length === 0) return 'the same';
  return `${come.length} come, ${gone.length} go, ${other.length} in another version`;
}

function sorted(packages: readonly BasePackageChange[]) {
  return [
    packages.filter(({ after }) => after === undefined),
    packages.filter(({ before }) => before === undefined),
    packages.filter(({ before, after }) => before !== undefined && after !== undefined),
  ] as const;
}

function named(packages: readonly BasePackageChange[]): (readonly [string, string])[] {
  const [gone, come, other] = sorted(packages);
  // What the distribution has changes all at once: what a project brings itself is what somebody looks for.
  const own = other.filter(({ type }) => !['deb', 'apk', 'rpm'].includes(type));
  const list = (all: readonly BasePackageChange[], text: (one: BasePackageChange) => string) =>
    all.length === 0 ? [] : [cut(all.map(text))];
  return [
    ...list(come, ({ name }) => name).map((text) => ['  come', text] as const),
    ...list(gone, ({ name }) => name).map((text) => ['  go', text] as const),
    ...list(own, ({ name, before, after }) => `${name} ${before} → ${after}`).map(
      (text) => ['  other', text] as const,
    ),
  ];
}

function cut(names: readonly string[]): string {
  const rest = names.length - MOST;
  return `${names.slice(0, MOST).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function sentence(text: string): string {
  return `${oneLine(text.charAt(0).toUpperCase() + text.slice(1))}.`;
}

/** One object. */
export function setBaseJson({ file, ...rest }: SetBaseResult): string {
  return `${JSON.stringify({
    ...rest,
    ...(file ? { file: file.name, path: file.path, written: file.written, hunks: file.hunks } : {}),
  })}\n`;
}
