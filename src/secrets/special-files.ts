// Files whose form is known: read as what they are, as a whole.

import type { FoundSecret } from './finding.ts';
import { isPlaceholder } from './values.ts';

const DOCKER = /(?:^|\/)(?:\.docker\/config\.json|\.dockercfg|\.config\/containers\/auth\.json)$/;
const SHADOW = /(?:^|\/)etc\/shadow-?$/;

/** Whether a file is of a known form, by its path. */
export function isSpecialFile(path: string): boolean {
  return DOCKER.test(path) || SHADOW.test(path);
}

/** What a file of a known form gives away. */
export function scanSpecialFile(path: string, text: string): readonly FoundSecret[] {
  if (DOCKER.test(path)) return dockerLogins(text);
  return SHADOW.test(path) ? shadow(text) : [];
}

function dockerLogins(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(
    /"(?:auth|identitytoken|registrytoken|password)"\s*:\s*"([^"\n]{4,8192})"/g,
  )) {
    if (isPlaceholder(match[1]!)) continue;
    const offset = match.index + match[0].lastIndexOf(match[1]!);
    const line = text.slice(0, offset).split('\n').length;
    found.push({
      rule: 'docker-login',
      severity: 'error',
      shown: '***',
      offset,
      length: match[1]!.length,
      line,
    });
  }
  return found;
}

function shadow(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  let offset = 0;
  for (const [i, line] of text.split('\n').entries()) {
    const [name = '', hash = '!', ...more] = line.split(':');
    const at = { offset, length: line.length, line: i + 1, name };
    offset += line.length + 1;
    if (more.length === 0 || name === '') continue;
    if (hash === '') found.push({ rule: 'empty-password', severity: 'warning', shown: 'no password', ...at });
    else if (/^\$[0-9a-z]+\$/.test(hash))
      found.push({ rule: 'password-hash', severity: 'warning', shown: '***', ...at });
  }
  return found;
}
