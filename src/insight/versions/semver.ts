// Semantic versions (semver.org 2.0.0, clause 11): npm, Go (pseudo-versions are pre-releases of what comes next, and so
// in order by themselves), crates.io. NuGet's are the same with a fourth number and without regard to case.

import { compareDigits, compareLists, compareText, scheme } from './scheme.ts';

interface SemanticVersion {
  readonly numbers: readonly string[];
  readonly early: readonly string[] | undefined;
}

// More is taken than the specification allows: a leading v (Go, npm), numbers left out or more of them, as people write.
const FORM = /^[vV]?([0-9]+(?:\.[0-9]+){0,7})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]*)?$/;

function parse(text: string): SemanticVersion | undefined {
  const match = FORM.exec(text.trim());
  if (!match) return undefined;
  return { numbers: match[1]!.split('.'), early: match[2]?.split('.') };
}

function compare(a: SemanticVersion, b: SemanticVersion): number {
  return compareLists(a.numbers, b.numbers, compareDigits, '0') || compareEarly(a.early, b.early);
}

export const semver = scheme<SemanticVersion>({ parse, compare });

/** https://learn.microsoft.com/nuget/concepts/package-versioning */
export const nuget = scheme<SemanticVersion>({ parse: (text) => parse(text.toLowerCase()), compare });

function compareEarly(a: readonly string[] | undefined, b: readonly string[] | undefined): number {
  if (!a || !b) return Number(a === undefined) - Number(b === undefined);
  return compareLists<string | undefined>(a, b, compareIdentifier, undefined);
}

function compareIdentifier(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [digitsA, digitsB] = [/^[0-9]+$/.test(a), /^[0-9]+$/.test(b)];
  if (digitsA !== digitsB) return digitsA ? -1 : 1;
  return digitsA ? compareDigits(a, b) : compareText(a, b);
}
