// What is copied to be used once: where a mount would be something else.

import { describe, expect, test } from 'bun:test';
import type { Entry } from '../../../oci/image/index.ts';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import { mountCopied } from './mount-copied.ts';

const MB = 1_000_000;
const GONE = { type: 'whiteout' } as const;
type Layer = Readonly<Record<string, number | Partial<Entry>>>;

/** A text behind two lines of which the second makes /tmp and /srv, and the layers of its lines. */
function made(
  text: string,
  layers: Readonly<Record<number, Layer>>,
  context: Readonly<Record<string, number>> = {},
) {
  const steps = Object.fromEntries(Object.entries(layers).map(([line, layer]) => [line, { layer }]));
  const directory = { type: 'dir', mode: 0o755 } as const;
  const { draft, around } = evidenceFor({
    before: `FROM a\nRUN mkdir -p /tmp /srv\n${text}`,
    after: '',
    context: { 'a.tgz': MB, 'b.deb': MB, 'src/a.c': MB, ...context },
    steps: { 2: { layer: { tmp: directory, srv: directory } }, ...steps },
  });
  const { applied, draft: after } = propose(draft, around, { rewrites: [mountCopied] });
  return { count: applied.length, text: after.source.text.split('\n').slice(2).join('\n') };
}

const A = '--mount=type=bind,source=a.tgz,target=/tmp/a.tgz';

describe('what is copied and removed is mounted', () => {
  test.each<[string, string, Readonly<Record<number, Layer>>, string]>([
    [
      'behind cd, with what is removed in the same words',
      'COPY a.tgz b.deb /tmp/\nRUN cd /tmp && tar xf a.tgz && dpkg -i b.deb && rm a.tgz b.deb\n',
      { 4: { 'tmp/a.tgz': GONE, 'tmp/b.deb': GONE } },
      `RUN ${A} --mount=type=bind,source=b.deb,target=/tmp/b.deb cd /tmp && tar xf a.tgz && dpkg -i b.deb\n`,
    ],
    [
      'under another name',
      'COPY a.tgz /tmp/other\nRUN tar xf /tmp/other; rm /tmp/other\n',
      { 4: { 'tmp/other': GONE } },
      'RUN --mount=type=bind,source=a.tgz,target=/tmp/other tar xf /tmp/other\n',
    ],
    [
      'a directory, in which may be built',
      'COPY src /tmp/src\nRUN make -C /tmp/src install && rm -rf /tmp/src\n',
      { 4: { 'tmp/src': GONE } },
      'RUN --mount=type=bind,source=src,target=/tmp/src,rw make -C /tmp/src install\n',
    ],
    [
      'a new directory that goes with it',
      'COPY src /pkg/src\nRUN make -C /pkg/src install && rm -r /pkg\n',
      { 4: { pkg: GONE } },
      '',
    ],
    [
      'for two that use it',
      'COPY a.tgz /tmp/\nRUN tar tf /tmp/a.tgz\nRUN tar xf /tmp/*.tgz && rm /tmp/a.tgz\n',
      { 5: { 'tmp/a.tgz': GONE } },
      `RUN ${A} tar tf /tmp/a.tgz\nRUN ${A} tar xf /tmp/*.tgz\n`,
    ],
  ])('%s', (_, text, layers, after) => {
    expect(made(text, layers)).toEqual(after === '' ? { count: 0, text } : { count: 1, text: after });
  });
});

describe('nothing is mounted where', () => {
  test.each<[string, string, Readonly<Record<number, Layer>>]>([
    ['it stays', 'COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz && rm -f /tmp/a.tgz\n', { 4: { 'tmp/x': 9 } }],
    [
      'a part of it stays',
      'COPY a.tgz b.deb /tmp/\nRUN tar xf /tmp/a.tgz && rm /tmp/a.tgz\n',
      { 4: { 'tmp/a.tgz': GONE } },
    ],
    [
      'another file may fit tomorrow',
      'COPY *.tgz /tmp/\nRUN tar xf /tmp/a.tgz && rm /tmp/a.tgz\n',
      { 4: { 'tmp/a.tgz': GONE } },
    ],
    [
      'it has an owner',
      'COPY --chown=1:1 a.tgz /tmp/\nRUN tar xf /tmp/a.tgz && rm /tmp/a.tgz\n',
      { 4: { 'tmp/a.tgz': GONE } },
    ],
    [
      'more is removed with it',
      'COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz -C /tmp && rm -r /tmp/a.tgz /tmp/other\n',
      { 4: { 'tmp/a.tgz': GONE } },
    ],
    [
      'a pattern removes it',
      'COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz && rm /tmp/*\n',
      { 4: { 'tmp/a.tgz': GONE } },
    ],
    [
      'it is moved away',
      'COPY a.tgz /tmp/\nRUN mv /tmp/a.tgz /srv && rm -f /tmp/a.tgz\n',
      { 4: { 'tmp/a.tgz': GONE, 'srv/a.tgz': MB } },
    ],
    [
      'it is written over in between',
      'COPY a.tgz /tmp/\nRUN touch /tmp/a.tgz\nRUN tar xf /tmp/a.tgz && rm /tmp/a.tgz\n',
      { 4: { 'tmp/a.tgz': MB }, 5: { 'tmp/a.tgz': GONE } },
    ],
    [
      'two build in one directory',
      'COPY src /tmp/src\nRUN make -C /tmp/src\nRUN make -C /tmp/src install && rm -rf /tmp/src\n',
      { 5: { 'tmp/src': GONE } },
    ],
    [
      'something was there before',
      'RUN touch /srv/a.tgz\nCOPY a.tgz /srv/\nRUN tar xf /srv/a.tgz && rm /srv/a.tgz\n',
      { 3: { 'srv/a.tgz': 1 }, 5: { 'srv/a.tgz': GONE } },
    ],
    [
      'the directory made for it stays',
      'COPY a.tgz /pkg/\nRUN tar xf /pkg/a.tgz && rm /pkg/a.tgz\n',
      { 4: { 'pkg/a.tgz': GONE } },
    ],
    ['nobody uses it', 'COPY a.tgz /tmp/\nRUN rm /tmp/a.tgz\n', { 4: { 'tmp/a.tgz': GONE } }],
    [
      'what fails is no matter',
      'COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz || rm /tmp/a.tgz\n',
      { 4: { 'tmp/a.tgz': GONE } },
    ],
  ])('%s', (_, text, layers) => {
    expect(made(text, layers)).toEqual({ count: 0, text });
  });
});
