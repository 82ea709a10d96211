// `--add-host` as docker buildx takes it.

import type { ExtraHost } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import { splitCsv } from './csv.ts';

/**
 * Reads every `--add-host`: `name:address` or `name=address`, several with a comma between them.
 * @throws MilleError `usage`
 */
export function parseHosts(given: readonly string[]): ExtraHost[] {
  return given
    .filter((text) => text !== '')
    .flatMap(splitCsv)
    .flatMap(parseHost);
}

function parseHost(text: string): ExtraHost[] {
  const cut = text.includes('=') ? text.indexOf('=') : text.indexOf(':');
  // As BuildKit: names of hosts are compared without case.
  const name = text.slice(0, Math.max(0, cut)).toLowerCase();
  const rest = text.slice(cut + 1);
  if (cut < 0 || !/^[^\s#\p{Cc}]+$/u.test(name) || rest === '') throw bad(text);
  if (rest === 'host-gateway') return [{ name, address: rest }];
  // Only in quotes does a comma get here: several addresses of one name.
  return rest.split(',').map((part) => {
    const address = /^\[(.+)\]$/.exec(part)?.[1] ?? part;
    if (!isAddress(address)) throw bad(text);
    return { name, address };
  });
}

/** Whether a text is an address of IP, version 4 or 6. */
function isAddress(text: string): boolean {
  if (text.includes(':')) return /^[0-9a-fA-F:.]+$/.test(text) && URL.canParse(`http://[${text}]/`);
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

function bad(text: string): MilleError {
  return new MilleError('usage', `--add-host can't be '${text}'`, {
    hint: 'write NAME:ADDRESS, such as db:10.0.0.5 or db=[fd00::5], or NAME:host-gateway for this machine',
  });
}
