// Files whose form is known: read as what they are, as a whole.

import type { FoundSecret } from './finding.ts';
import { isPlaceholder } from './values.ts';

/** What a file of a known form gives away. */
export function scanSpecialFile(path: string, text: string): readonly FoundSecret[] {
  if (/(?:^|\/)(?:\.docker\/config\.json|\.dockercfg|\.config\/containers\/auth\.json)$/.test(path))
    return dockerLogins(text);
  if (/(?:^|\/)etc\/shadow-?$/.test(path)) return shadow(text);
  return [];
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
