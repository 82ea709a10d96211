// The ports of EXPOSE: `80`, `53/udp`, `8000-8010/tcp`. The forms of `docker run -p` with addresses and host ports
// are taken too, as by Docker, and only their container ports count.

import { MilleError } from '../../core/index.ts';
import { type ExposeInstruction, expandWord, type Word } from '../../lang/dockerfile/index.ts';
import { noteExpansion, type Scope, wordOptions } from './scope.ts';

/** The ports as the config names them, `80/tcp`, in the order of the history text. */
export function exposedPorts(scope: Scope, { ports }: ExposeInstruction): readonly string[] {
  return ports.flatMap((word) => {
    const { words } = noteExpansion(scope, word, expandWord(word, wordOptions(scope)));
    return words.flatMap((text) => parsePorts(text, word));
  });
}

function parsePorts(text: string, word: Word): readonly string[] {
  const parts = text.split(':');
  const [range = '', protocol = ''] = splitOnce(parts.at(-1) ?? '', '/');
  const kind = protocol === '' ? 'tcp' : protocol.toLowerCase();
  if (kind !== 'tcp' && kind !== 'udp' && kind !== 'sctp') {
    throw badPort(text, word, `the protocol ${JSON.stringify(protocol)} is none of tcp, udp, sctp`);
  }
  const container = parseRange(range);
  if (!container) throw badPort(text, word, 'a port is a number up to 65535, or a range such as 8000-8010');
  const host = parts.length > 1 ? (parts.at(-2) ?? '') : '';
  if (host !== '') checkHostPort(text, word, { host: parseRange(host), container });
  const [start, end] = container;
  return Array.from({ length: end - start + 1 }, (_, i) => `${start + i}/${kind}`);
}

type PortRange = readonly [start: number, end: number];

function checkHostPort(
  text: string,
  word: Word,
  { host, container }: { host: PortRange | undefined; container: PortRange },
): void {
  if (!host) throw badPort(text, word, 'the host port is not a number or range');
  const width = container[1] - container[0];
  if (width > 0 && host[1] - host[0] !== width) throw badPort(text, word, 'the two ranges differ in length');
}

function parseRange(text: string): PortRange | undefined {
  const [first = '', last = first] = splitOnce(text, '-');
  const start = portNumber(first);
  const end = portNumber(last);
  return start === undefined || end === undefined || end < start ? undefined : [start, end];
}

function portNumber(text: string): number | undefined {
  const number = /^\+?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return number <= 65535 ? number : undefined;
}

function splitOnce(text: string, separator: string): [string, string?] {
  const cut = text.indexOf(separator);
  return cut < 0 ? [text] : [text.slice(0, cut), text.slice(cut + 1)];
}

function badPort(text: string, word: Word, why: string): MilleError {
  return new MilleError('dockerfile-syntax', `EXPOSE cannot take ${JSON.stringify(text)}: ${why}`, {
    hint: 'write EXPOSE 8000, EXPOSE 53/udp or EXPOSE 8000-8010',
    span: word.span,
  });
}
