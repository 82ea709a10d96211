// What the excerpts of one file hold. The detector's rules are asked first; then forms that it does not know, and values
// under telling names as closely as the kind of file deserves.

import { findAssignments } from './assignments.ts';
import { type FileKind, isShowing, isThirdParty, kindOfFile } from './file-names.ts';
import type { Excerpt } from './file-scanner.ts';
import type { Detector, FoundSecret, Severity } from './finding.ts';
import { MORE_FORMS } from './forms.ts';
import { type ApartText, apart } from './program-strings.ts';
import { redact } from './redact.ts';
import { isPlaceholder } from './values.ts';

/** A secret between two characters of an excerpt. */
export interface Located {
  readonly rule: string;
  readonly severity: Severity;
  readonly start: number;
  readonly end: number;
  readonly name?: string;
}

/** What to look at, and with what. */
export interface Search {
  readonly detector: Detector;
  /** From the root of the file system; in archives that of what is in them. */
  readonly path: string;
  readonly kind?: FileKind;
}

/** Findings kept of one file: whoever reads the first knows what to do with the rest. */
const MOST = 20;

/** The secrets of a file, in its order. */
export async function findSecrets(
  excerpts: readonly Excerpt[],
  { detector, path, kind = kindOfFile(path) }: Search,
): Promise<readonly FoundSecret[]> {
  const found: FoundSecret[] = [];
  const third = isThirdParty(path);
  for (const excerpt of excerpts) {
    if (found.length >= MOST) break;
    const { text, original } = excerpt.program ? apart(excerpt.text) : separated(excerpt.text);
    const located = await locate(text, { detector, path, kind });
    for (const one of located) {
      const value = text.slice(one.start, one.end);
      const offset = excerpt.offset + original(one.start);
      if (found.some((other) => other.offset === offset)) continue;
      const line = excerpt.line === undefined ? undefined : lineAt(excerpt, original(one.start));
      found.push({
        rule: one.rule,
        severity: severityOf(one, { text, third, path }),
        shown: redact(value),
        ...(one.name === undefined ? {} : { name: one.name }),
        offset,
        length: one.end - one.start,
        ...(line === undefined ? {} : { line }),
      });
    }
  }
  return found.slice(0, MOST);
}

function severityOf(
  { rule, severity, start }: Located,
  { text, third, path }: { readonly text: string; readonly third: boolean; readonly path: string },
): Severity {
  if (rule === 'assignment' && isShowing(path)) return 'info';
  return third && !(rule === 'password-in-url' && OF_INSTALLER.test(text.slice(0, start)))
    ? 'info'
    : severity;
}

/** Keys under which npm and yarn note down where they got a package, in files that are otherwise its own. */
const OF_INSTALLER = /"(?:_?resolved|registry|reference)"\s*:\s*"[^"\s]*$/;

/** Beginnings before which the detector wants no letter. */
const BEGINNING =
  'gh[pousr]_|github_pat_|glpat-|npm_|xox[abpor]-|xapp-|sk-|[sr]k_(?:live|test)_|A[KS]IA|AIza|dckr_pat_|hv[sbr]\\.|hf_|gsk_|SG\\.|shp|glsa_|glc_|figd_|lin_api_|ntn_|dapi|tskey-|ops_ey|eyJ|pypi-|cf(?:k|ut|at)_|vc[piark]_|AGE-';
const GLUED = new RegExp(`(?<![A-Za-z0-9])[A-Za-z]{1,2}?(?=(?:${BEGINNING})[\\w-]{12})`, 'g');

/** The text without the letters that binary formats (of their types, of lengths) put right before a string. */
function separated(text: string): ApartText {
  const binary = /[\x01-\x08\x0e-\x1f]/.test(text);
  return {
    text: binary ? text.replace(GLUED, (glued) => ' '.repeat(glued.length)) : text,
    original: (at) => at,
  };
}

async function locate(text: string, { detector, path, kind }: Required<Search>): Promise<readonly Located[]> {
  const all: Located[] = [];
  for (const match of await detector(text, path)) {
    const one = ofDetector(text, match);
    if (one) all.push(one);
  }
  for (const form of MORE_FORMS) all.push(...form(text));
  all.push(...findAssignments(text, kind));
  // The first to find something is the one who knows it best.
  const kept: Located[] = [];
  for (const one of all)
    if (!kept.some(({ start, end }) => one.start < end && start < one.end)) kept.push(one);
  return kept.sort((a, b) => a.start - b.start);
}

const RENAMED: Readonly<Record<string, string>> = {
  privatekey: 'private-key',
  basicauth: 'password-in-url',
  'database-connection-string': 'connection-string',
  'hashicorp-vault': 'vault',
};

function ofDetector(
  text: string,
  { kind, start, end }: Awaited<ReturnType<Detector>>[number],
): Located | undefined {
  const rule = RENAMED[kind] ?? kind;
  const value = text.slice(start, end);
  // Documentation of services is full of tokens that read EXAMPLE.
  if (
    /EXAMPLE|example\.(?:com|org|net)|x{8}|0{8}|1234567890|abcdefghij/i.test(value) &&
    rule !== 'private-key'
  )
    return undefined;
  if (rule === 'password-in-url' || rule === 'connection-string') {
    const password = /:\/\/[^:@/\s]*:([^@\s]*)@/.exec(value)?.[1] ?? value;
    if (isPlaceholder(password)) return undefined;
    return { rule, severity: 'error', start, end };
  }
  if (rule === 'npm' && /_authToken=/.test(value)) {
    const token = value.replace(/^.*_authToken=/, '').trim();
    return isPlaceholder(token) ? undefined : { rule, severity: 'error', start: end - token.length, end };
  }
  if (/^(?:rk|sk)_test_/.test(value)) return { rule, severity: 'warning', start, end };
  return { rule, severity: 'error', start, end };
}

function lineAt({ text, line }: Excerpt, at: number): number {
  let count = line!;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) count++;
  return count;
}
