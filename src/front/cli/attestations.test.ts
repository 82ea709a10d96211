import { describe, expect, test } from 'bun:test';
import { parseAttestations } from './attestations.ts';

const parse = (
  given: { attest?: readonly string[]; provenance?: string; sbom?: string },
  env: Readonly<Record<string, string | undefined>> = {},
) => parseAttestations({ attest: [], ...given }, env);

const FULL = { mode: 'max', version: 'v0.2' } as const;

describe('as docker buildx takes them', () => {
  test.each([
    [{}, undefined],
    [{ provenance: '' }, undefined],
    [{ provenance: 'false', sbom: '0' }, undefined],
    [{ provenance: 'true' }, { provenance: FULL }],
    [{ provenance: 'mode=min' }, { provenance: { mode: 'min', version: 'v0.2' } }],
    [{ provenance: 'mode=full,version=v1' }, { provenance: { mode: 'max', version: 'v1' } }],
    [{ sbom: '1' }, { sbom: {} }],
    [{ attest: ['type=sbom', 'type=Provenance'] }, { provenance: FULL, sbom: {} }],
    [{ attest: [' Type =sbom,disabled=false'] }, { sbom: {} }],
    [{ attest: ['type=sbom,disabled=true,anything=x'] }, undefined],
    // Of several about the same thing the first counts, and --attest comes first.
    [{ attest: ['type=provenance'], provenance: 'false' }, { provenance: FULL }],
    [{ attest: ['type=provenance,disabled=true'], provenance: 'true' }, undefined],
  ] as const)('%j', (given, expected) => {
    expect(parse(given)).toEqual(expected as never);
  });

  test('what docker/build-push-action writes', () => {
    const builderId = 'https://github.com/o/r/actions/runs/1/attempts/1';
    expect(parse({ attest: [`type=provenance,mode=min,inline-only=true,builder-id=${builderId}`] })).toEqual({
      provenance: { mode: 'min', version: 'v0.2', builderId, inlineOnly: true },
    });
    expect(parse({ provenance: 'reproducible=true,"filename=a,b.json"' })).toEqual({
      provenance: { ...FULL, reproducible: true, fileName: 'a,b.json' },
    });
  });

  test('the environment', () => {
    const inline = { provenance: { mode: 'min', version: 'v0.2', inlineOnly: true } } as const;
    expect(parse({}, { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' })).toBeUndefined();
    expect(parse({}, { BUILDX_NO_DEFAULT_ATTESTATIONS: '0' })).toEqual(inline);
    expect(parse({ provenance: 'false' }, { BUILDX_NO_DEFAULT_ATTESTATIONS: '0' })).toBeUndefined();
    expect(parse({ sbom: 'true' }, { BUILDX_GIT_INFO: 'false' })).toEqual({ sbom: {}, ignoreCheckout: true });
  });
});

test.each([
  [{ provenance: 'min' }, "'min' is no key=value"],
  [{ provenance: 'mode=most' }, "there is no mode 'most'"],
  [{ provenance: 'version=v2' }, "no version 'v2'"],
  [{ provenance: 'reproducible=perhaps' }, 'reproducible is a switch'],
  [{ provenance: 'capture-usage=true' }, 'capture-usage=true is not supported'],
  [{ provenance: 'builder-di=x' }, "did you mean 'builder-id'?"],
  [{ attest: ['mode=min'] }, 'there is no type in it'],
  [{ attest: ['type=slsa'] }, "does not know the type 'slsa'"],
  [{ sbom: 'generator=docker/scout-sbom-indexer' }, 'runs no generator'],
] as const)('%j is refused', (given, message) => {
  try {
    parse(given);
    throw new Error('nothing was thrown');
  } catch (error) {
    const { message: said, hint = '' } = error as { message: string; hint?: string };
    expect(`${said} ${hint}`).toContain(message);
  }
  expect(() => parse({}, { BUILDX_NO_DEFAULT_ATTESTATIONS: 'x' })).toThrow("can't be 'x'");
});
