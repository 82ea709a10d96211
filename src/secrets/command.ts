// Command lines: the text of RUN, CMD, HEALTHCHECK and history, where passwords are arguments.

import { looksSecret } from '../core/index.ts';
import { findAssignments } from './assignments.ts';
import type { Located } from './find-secrets.ts';
import { findSecrets } from './find-secrets.ts';
import type { Detector, FoundSecret } from './finding.ts';
import { redact } from './redact.ts';
import { isPlaceholder, strengthOf } from './values.ts';
import { namesSecret } from './variable.ts';

/** A flag with a value that is a password for whoever reads the line; the value is the last group. */
const FLAGS: readonly RegExp[] = [
  /(?:^|\s)(?:-u|--user|--proxy-user)[\s=]+["']?[^\s:"'$]{1,100}:([^\s"'$]{4,200})/dg,
  /\bsshpass\s+-p\s*["']?([^\s"'$]{3,200})/dg,
  /\b(?:docker|podman|buildah|skopeo|helm|oras|crane|az|oc)\s[^\n;&|]{0,200}?\slogin?\b[^\n;&|]{0,200}?\s(?:-p|--password|--token)[\s=]+["']?([^\s"'$-][^\s"'$]{3,200})/dg,
  /\b(?:docker|podman|helm|oc)\s+login\s[^\n;&|]{0,200}?(?:-p|--password|--token)[\s=]+["']?([^\s"'$-][^\s"'$]{3,200})/dg,
  /\bmysql(?:dump|admin)?\s[^\n;&|]{0,200}?\s-p([^\s"'$]{3,200})/dg,
  /--(?:[a-z]+-)*(?:password|passwd|token|api-?key|secret(?:-key)?|access-key|passphrase)[\s=]+["']?([^\s"'$-][^\s"'$]{3,400})/dg,
  /:_(?:authToken|auth|password)[\s=]+["']?([^\s"'$]{4,400})/dg,
  /\b(?:Authorization|X-[A-Za-z-]{0,30}(?:Token|Key))\s*:\s*(?:(?:Basic|Bearer|token)\s+)?([^\s"'$]{8,400})/dgi,
  /\becho\s+(?:-\w+\s+)?["']?(?:root|[a-z_][\w-]{0,31}):([^\s"'$:]{4,100})["']?\s*\|\s*(?:sudo\s+)?chpasswd/dg,
];

/**
 * What a command line gives away.
 * @param args values of build arguments before it, as BuildKit writes them into the history: `|1 TOKEN=abc /bin/sh -c …`
 */
export async function scanCommand(text: string, detector: Detector): Promise<readonly FoundSecret[]> {
  const found: FoundSecret[] = [
    ...(await findSecrets([{ text, offset: 0 }], { detector, path: '', kind: 'other' })),
  ];
  const add = (more: readonly Located[]) => {
    for (const { rule, severity, start, end, name } of more) {
      if (found.some(({ offset }) => offset === start)) continue;
      const shown = redact(text.slice(start, end));
      found.push({
        rule,
        severity,
        shown,
        offset: start,
        length: end - start,
        ...(name === undefined ? {} : { name }),
      });
    }
  };
  add(flags(asLine(text)));
  add(buildArguments(text));
  add(findAssignments(text, 'dotenv').filter(({ name = '' }) => looksSecret(name) || namesSecret(name)));
  return found.sort((a, b) => a.offset - b.offset);
}

/** `["app", "--password", "…"]`, and as Docker's history has it, `["app" "--password" "…"]`: as a line, of the same length. */
function asLine(text: string): string {
  return text.includes('["') ? text.replace(/"[\s,]+"/g, (between) => ' '.repeat(between.length)) : text;
}

function flags(text: string): Located[] {
  return FLAGS.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): Located[] => {
      const value = match[1]!;
      if (isPlaceholder(value) || value.startsWith('/') || value.startsWith('<')) return [];
      const [start, end] = match.indices![1]!;
      return [{ rule: 'command', severity: 'error', start, end }];
    }),
  );
}

/** `|2 TOKEN=abc VERSION=1.2 /bin/sh -c …` */
function buildArguments(text: string): Located[] {
  const head = /^(?:RUN )?\|(\d{1,3}) /.exec(text);
  if (!head) return [];
  const found: Located[] = [];
  let at = head[0].length;
  for (let left = Number(head[1]); left > 0; left--) {
    const argument = /^([A-Za-z_][\w.-]*)=(.*?)(?= [A-Za-z_][\w.-]*=| \/| \[|$)/s.exec(text.slice(at));
    if (!argument) break;
    const [whole, name = '', value = ''] = argument;
    const start = at + name.length + 1;
    const strength = strengthOf(value);
    if (namesSecret(name) && strength !== 'none') {
      const severity = strength === 'weak' ? 'warning' : 'error';
      found.push({ rule: 'variable', severity, start, end: start + value.length, name });
    }
    at += whole.length + 1;
  }
  return found;
}
