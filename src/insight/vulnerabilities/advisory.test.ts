// Records as anybody may write them.

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { judgeVersion, withoutListed } from './affected.ts';
import { matchSubjects, readRecord, subjectsOf } from './index.ts';

const text = fc.oneof(
  fc.constantFrom(
    '0',
    '1.0',
    '2.0-1',
    'CVE-2024-1000',
    'X-1',
    'Debian:12',
    'PyPI',
    'x',
    '',
    'SEMVER',
    'ECOSYSTEM',
  ),
  fc.string({ maxLength: 5 }),
);
const anything = fc.oneof(fc.anything({ maxDepth: 2 }), text);
const list = (item: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 9, arbitrary: fc.array(item, { maxLength: 4 }) }, anything);
const object = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof({ weight: 9, arbitrary: fc.record(fields, { requiredKeys: [] }) }, anything);

const RECORD = object({
  id: text,
  aliases: list(text),
  upstream: list(text),
  related: list(text),
  summary: anything,
  severity: list(object({ type: fc.constantFrom('CVSS_V3', 'CVSS_V4', 'Ubuntu'), score: text })),
  affected: list(
    object({
      package: object({ ecosystem: text, name: text }),
      versions: list(text),
      ranges: list(
        object({
          type: text,
          events: list(object({ introduced: text, fixed: text, last_affected: text, limit: text })),
        }),
      ),
      ecosystem_specific: object({ urgency: text }),
    }),
  ),
});

test('whatever a record is, reading and matching it ends well', () => {
  const packages = [
    { type: 'deb', name: 'x', version: '1.0-1', path: 'db', layer: 0 },
    { type: 'pypi', name: 'x', version: '1.0', path: 'db', layer: 0 },
  ] as const;
  const { subjects } = subjectsOf(packages, { id: 'debian', version: '12' });
  fc.assert(
    fc.property(fc.array(RECORD, { maxLength: 4 }), (records) => {
      const advisories = records.flatMap((record) => readRecord(record)?.advisories ?? []);
      const { findings } = matchSubjects(subjects, (ecosystem, name) =>
        advisories.filter((one) => one.ecosystem === ecosystem && one.name === name),
      );
      for (const { id } of findings) expect(id).not.toBe('');
    }),
    { numRuns: 120 },
  );
});

test('listed versions that a range holds can be left out', () => {
  const version = fc.stringMatching(/^[0-3](\.[0-3])?(-[0-3])?$/);
  const event = fc.record({ introduced: version, fixed: version }, { requiredKeys: ['introduced'] });
  const ranges = fc.array(
    fc.record({ type: fc.constant('ECOSYSTEM'), events: fc.array(event, { maxLength: 2 }) }),
  );
  fc.assert(
    fc.property(ranges, fc.array(version), version, (some, versions, asked) => {
      const affected = [{ package: { ecosystem: 'Debian:12', name: 'x' }, ranges: some, versions }];
      const advisory = readRecord({ id: 'X-1', affected })?.advisories[0];
      if (!advisory) return;
      expect(judgeVersion(withoutListed(advisory), asked)).toEqual(judgeVersion(advisory, asked));
    }),
    { numRuns: 200 },
  );
});

test('a summary is a line of bounded length', () => {
  const details = `A flaw\n\twas \u001b[31mfound${' and so on'.repeat(1000)}`;
  const affected = [{ package: { ecosystem: 'PyPI', name: 'x' }, versions: ['1'] }];
  const summary = readRecord({ id: 'X-1', details, affected })?.advisories[0]?.summary;
  expect(summary).toStartWith('A flaw was [31mfound and so on');
  expect(summary).toHaveLength(200);
});
