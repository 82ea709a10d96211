// Values under telling names: `API_KEY = "…"`, `password: …`, `<password>…</password>`, `machine … password …`.

import type { FileKind } from './file-names.ts';
import type { Located } from './find-secrets.ts';
import { type Strength, strengthOf } from './values.ts';
import { namesSecret } from './variable.ts';

const ASSIGNMENT =
  /(?<![\w.$/-])(?:(["'])([A-Za-z_][\w.-]{0,80})\1|([A-Za-z_][\w.-]{0,80}))[ \t]{0,8}(?:=>|:=|=(?!=)|:(?!:))[ \t]{0,8}(?:"([^"\n]{1,400})"|'([^'\n]{1,400})'|([^\s"'`,;(){}[\]<>&|]{1,400}))/dg;
/** `define('DB_PASSWORD', '…')`, `setdefault("SECRET_KEY", "…")`. */
const CALL =
  /(["'])([A-Za-z_][\w.-]{0,80})\1[ \t]{0,8},[ \t]{0,8}(?:"([^"\n]{8,400})"|'([^'\n]{8,400})')(?=[ \t]{0,8}\))/dg;
const ELEMENT = /<(\w{0,40}(?:password|passwd|secret|token|apikey)\w{0,40})>([^<>\s]{4,400})<\/\1>/dgi;
const ATTRIBUTES = /\bkey="([^"\n]{1,80})"\s{1,8}value="([^"\n]{4,400})"/dgi;
const NETRC = /\bmachine\s{1,8}\S{1,253}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(\S{1,400})/dg;

/** Values of telling names in a text. */
export function findAssignments(text: string, kind: FileKind): readonly Located[] {
  const found: Located[] = [];
  for (const match of text.matchAll(NETRC)) {
    const [start, end] = match.indices![1]!;
    if (strengthOf(match[1]!) !== 'none') found.push({ rule: 'netrc', severity: 'error', start, end });
  }
  if (kind === 'other') return found;
  const add = (name: string, value: string, [start, end]: readonly [number, number], quoted: boolean) => {
    if (!namesSecret(leaf(name))) return;
    const strength = strengthOf(value);
    // Without quotes a name of the code stands there as well as a value.
    if (kind === 'code' && !quoted) return;
    const severity = severityOf(kind, strength);
    if (severity) found.push({ rule: 'assignment', severity, start, end, name });
  };
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [, , inQuotes, bare, double, single, plain] = match;
    const value = double ?? single ?? plain ?? '';
    const place = match.indices![double !== undefined ? 4 : single !== undefined ? 5 : 6]!;
    add(inQuotes ?? bare ?? '', value, place, plain === undefined);
  }
  for (const match of text.matchAll(CALL))
    add(match[2]!, (match[3] ?? match[4])!, match.indices![match[3] === undefined ? 4 : 3]!, true);
  for (const pattern of [ELEMENT, ATTRIBUTES])
    for (const match of text.matchAll(pattern)) add(match[1]!, match[2]!, match.indices![2]!, true);
  return found;
}

/** `spring.datasource.password` → `password`. */
function leaf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).replace(/([a-z])([A-Z])/g, '$1_$2');
}

function severityOf(kind: FileKind, strength: Strength): Located['severity'] | undefined {
  if (strength === 'strong') return 'error';
  if (kind === 'code' || strength === 'none') return undefined;
  if (strength === 'medium') return kind === 'dotenv' ? 'error' : 'warning';
  return kind === 'dotenv' ? 'warning' : undefined;
}
