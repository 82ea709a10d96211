import { expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import { removeDownloads } from './remove-downloads.ts';

/** What is proposed for a RUN that leaves an archive, and what stands below it. */
function proposed(run: string, below = ''): readonly string[] {
  const before = `FROM a\nWORKDIR /opt\nRUN ${run}\n${below}`;
  const steps = { 3: { layer: { 'opt/a.tgz': 9_000_000 } } };
  const { draft, around } = evidenceFor({ before, after: '', steps });
  return propose(draft, around, { rewrites: [removeDownloads] }).applied.map(
    ({ proposal }) => proposal.title,
  );
}

const URL = 'https://example.com/a.tgz';

test('what is downloaded and unpacked goes', () => {
  expect(proposed(`curl -O ${URL} && tar xf a.tgz`)).toEqual(['remove /opt/a.tgz when it is unpacked']);
  expect(proposed(`wget ${URL} -O /opt/a.tgz; tar --extract -f /opt/a.tgz`)).toHaveLength(1);
});

test('what is only downloaded, packed, removed, in another place or named below stays', () => {
  expect(proposed(`curl -O ${URL}`)).toEqual([]);
  expect(proposed(`curl -O ${URL} && tar tf a.tgz`)).toEqual([]);
  expect(proposed('make && tar czf a.tgz out')).toEqual([]);
  expect(proposed(`curl -O ${URL} && tar xf a.tgz && rm *.tgz`)).toEqual([]);
  expect(proposed(`curl -o /tmp/a.tgz ${URL} && tar xf /tmp/a.tgz`)).toEqual([]);
  expect(proposed(`curl -O ${URL} && tar xf a.tgz`, 'RUN sha256sum /opt/a.tgz\n')).toEqual([]);
  expect(proposed(`curl -O ${URL} && tar xf a.tgz || true`)).toEqual([]);
});
