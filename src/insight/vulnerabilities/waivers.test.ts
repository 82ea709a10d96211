// Files that say what does not matter.

import { describe, expect, test } from 'bun:test';
import type { Finding } from './match.ts';
import { applyVex, readOpenVex } from './open-vex.ts';
import { readWaivers, waive } from './waivers.ts';

const found = (id: string, name: string, purl: string): Finding => ({
  ...({ id, name, severity: 'high', ecosystem: 'npm', version: '1.0.0', fixedIn: [] } as const),
  aliases: [`GHSA-of-${id}`],
  packages: [{ type: 'npm', name: `${name}-bin`, version: '1.0.0', path: 'x', layer: 0, purl }],
});
const FINDINGS = [
  found('CVE-2024-1', 'one', 'pkg:npm/one@1.0.0'),
  found('CVE-2024-2', 'two', 'pkg:npm/%40scope/two@1.0.0?arch=x'),
];
const ids = (findings: readonly Finding[]) => findings.map(({ id }) => id);

describe('.millevulns', () => {
  const apply = (text: string) => waive(FINDINGS, readWaivers({ name: 'f', text }), '2026-11-26');

  test('by any name, of a package by either of its names, until a day', () => {
    expect(ids(apply('CVE-2024-1 # why').findings)).toEqual(['CVE-2024-2']);
    expect(ids(apply('GHSA-of-CVE-2024-2 two-bin until 2026-11-26 # why').findings)).toEqual(['CVE-2024-1']);
    expect(apply('CVE-2024-1 two # why')).toMatchObject({ findings: FINDINGS, unused: [{ place: 'f:1' }] });
    const late = apply('\n# all\nCVE-2024-1 until 2026-11-25 # why');
    expect(late).toMatchObject({ findings: FINDINGS, expired: [{ place: 'f:3' }], unused: [] });
  });

  test.each([
    ['CVE-2024-1', 'no reason is given for CVE-2024-1', 0],
    ['# x\nCVE-2024-1 until 2026-02-30 # why', "'2026-02-30' is no day", 4],
    ['CVE-2024-1 a b c # why', 'this is no line about a vulnerability', 0],
  ])('%s', (text, message, start) => {
    expect(() => readWaivers({ name: 'f', text })).toThrow(
      expect.objectContaining({ code: 'file-format', message, span: expect.objectContaining({ start }) }),
    );
  });
});

describe('OpenVEX', () => {
  const statement = (status: string, id: string, ...products: unknown[]) => ({
    ...{ vulnerability: { name: id }, status, products },
  });
  const apply = (...statements: object[]) => {
    const text = JSON.stringify({ '@context': 'https://openvex.dev/ns/v0.2.0', statements });
    return ids(applyVex(FINDINGS, readOpenVex({ name: 'f', text })).findings);
  };

  test('about an image, or packages of it', () => {
    const image = { '@id': 'pkg:oci/app@sha256%3Aabc' };
    expect(apply(statement('not_affected', 'CVE-2024-1', image))).toEqual(['CVE-2024-2']);
    const part = { ...image, subcomponents: [{ '@id': 'pkg:npm/%40scope/two' }] };
    expect(apply(statement('fixed', 'CVE-2024-2', part))).toEqual(['CVE-2024-1']);
    const other = { ...image, subcomponents: [{ '@id': 'pkg:npm/one@2.0.0' }] };
    expect(apply(statement('not_affected', 'CVE-2024-1', other))).toHaveLength(2);
  });

  test('what matters does, also where an earlier statement said otherwise', () => {
    const product = { '@id': 'pkg:npm/one@1.0.0' };
    const first = statement('not_affected', 'CVE-2024-1', product);
    expect(apply(first)).toEqual(['CVE-2024-2']);
    expect(apply(first, statement('affected', 'CVE-2024-1', product))).toHaveLength(2);
    expect(apply(statement('under_investigation', 'CVE-2024-1', product))).toHaveLength(2);
  });

  test('is a document of that kind', () => {
    for (const text of ['no', '{}', '[]', 'null'])
      expect(() => readOpenVex({ name: 'f', text })).toThrow(
        expect.objectContaining({ code: 'file-format' }),
      );
  });
});
