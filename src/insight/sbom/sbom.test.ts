// Documents against the schema that CycloneDX ships, and against what SPDX's specification demands.

import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { cycloneDx } from './cyclonedx.ts';
import { readLicense } from './licenses.ts';
import { spdx } from './spdx.ts';
import type { SbomInput } from './types.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

const INPUT: SbomInput = {
  ...{ name: 'example.org/team/app', tag: '1.2', repository: 'example.org/team/app' },
  ...{ imageId: digest('a'), manifestDigest: digest('b'), architecture: 'amd64', version: '0.1.0' },
  created: '2026-01-02T03:04:05.678Z',
  system: { id: 'debian', version: '12', codename: 'bookworm', name: 'Debian GNU/Linux 12 (bookworm)' },
  layers: [
    { digest: digest('c'), diffId: digest('d'), instruction: 'ADD rootfs.tar /' },
    { digest: digest('e'), diffId: digest('f'), instruction: 'RUN pip install x', place: 'Dockerfile:5' },
  ],
  packages: [
    {
      ...{ type: 'deb', name: 'libssl3', version: '3.0.15-1~deb12u1', architecture: 'amd64', layer: 0 },
      ...{
        source: { name: 'openssl', version: '3.0.15-1~deb12u1' },
        size: 1024,
        path: 'var/lib/dpkg/status',
      },
      purl: 'pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=amd64&distro=debian-12&upstream=openssl',
    },
    { type: 'deb', name: 'odd name', version: '1', layer: 0, path: 'var/lib/dpkg/status' },
    {
      ...{ type: 'pypi', name: 'x', version: '1', licenses: ['MIT OR Apache-2.0'], partOf: 'python3-x' },
      ...{ layer: 1, path: 'a/x.dist-info/METADATA', purl: 'pkg:pypi/x@1' },
    },
    { type: 'pypi', name: 'y', version: '1', licenses: ['MIT', 'BSD License'], layer: 1, path: 'é/METADATA' },
    { type: 'pypi', name: 'z', version: '1', licenses: ['MIT OR ISC', 'BSD License'], layer: 1, path: 'z' },
    {
      ...{ type: 'npm', name: '@babel/core', version: '7', licenses: ['MIT'], layer: 1 },
      ...{ path: 'n/package.json', purl: 'pkg:npm/%40babel/core@7' },
    },
    { type: 'maven', name: 'org.slf4j:slf4j-api', version: '2', layer: 1, path: 'a.jar' },
    { type: 'maven', name: 'org.slf4j:slf4j-api', version: '2', layer: 1, path: 'a.jar' },
    { type: 'generic', name: 'node', version: '20', claimed: true, layer: 0, path: 'usr/local/bin/node' },
  ],
  identity: '0123456789abcdef0123456789abcdef',
};

const BARE: SbomInput = {
  ...{ name: digest('a'), imageId: digest('a'), architecture: 'arm64', version: '0.1.0' },
  ...{ layers: [], packages: [], identity: 'f'.repeat(32) },
};

function validator() {
  const schemas = join(
    dirname(Bun.resolveSync('@cyclonedx/cyclonedx-library/package.json', import.meta.dir)),
    'res/schema',
  );
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  const base = 'http://cyclonedx.org/schema/';
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema({ ...schema(name), $id: `${base}${name}.SNAPSHOT.schema.json` });
  return ajv.compile(schema('bom-1.6'));
}

describe('CycloneDX', () => {
  test('fits its schema, for an image with everything and for one with nothing', () => {
    const validate = validator();
    for (const input of [INPUT, BARE]) {
      validate(JSON.parse(cycloneDx(input)));
      expect(validate.errors).toBeNull();
    }
  });

  test('says where each component came from', () => {
    const bom = JSON.parse(cycloneDx(INPUT));
    const component = bom.components.find(({ name }: { name: string }) => name === 'x');
    const properties = Object.fromEntries(
      component.properties.map(({ name, value }: { name: string; value: string }) => [name, value]),
    );
    expect(properties).toEqual({
      'mille:layer:digest': digest('e'),
      'mille:layer:diffId': digest('f'),
      'mille:layer:instruction': 'RUN pip install x',
      'mille:layer:line': 'Dockerfile:5',
      'mille:path': '/a/x.dist-info/METADATA',
      'mille:partOf': 'python3-x',
      'mille:type': 'pypi',
    });
    expect(component.licenses).toEqual([{ expression: 'MIT OR Apache-2.0' }]);
    expect(bom.components.find(({ name }: { name: string }) => name === 'core').group).toBe('@babel');
    expect(bom.metadata.component.purl).toBe(
      `pkg:oci/app@${digest('b')}?arch=amd64&repository_url=example.org/team/app&tag=1.2`,
    );
    const refs = bom.components.map((one: { 'bom-ref': string }) => one['bom-ref']);
    expect(new Set(refs).size).toBe(INPUT.packages.length + 1);
    expect(bom.dependencies.find(({ ref }: { ref: string }) => ref === digest('a')).dependsOn).toHaveLength(
      refs.length,
    );
  });

  test('the same image gives the same bytes', () => {
    expect(cycloneDx(INPUT)).toBe(cycloneDx(structuredClone(INPUT)));
    expect(JSON.parse(cycloneDx(INPUT))).toMatchObject({
      serialNumber: 'urn:uuid:01234567-89ab-8def-a123-456789abcdef',
      metadata: { timestamp: '2026-01-02T03:04:05.000Z' },
    });
  });
});

describe('SPDX', () => {
  test('every package has what it must, and is in the image', () => {
    const document = JSON.parse(spdx(INPUT));
    const ids = document.packages.map(({ SPDXID }: { SPDXID: string }) => SPDXID);
    expect(new Set(ids).size).toBe(INPUT.packages.length + 2);
    for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);
    expect(document.relationships).toHaveLength(ids.length);
    expect(document).toMatchObject({
      spdxVersion: 'SPDX-2.3',
      documentNamespace: 'urn:uuid:01234567-89ab-8def-a123-456789abcdef',
      creationInfo: { created: '2026-01-02T03:04:05Z', creators: ['Tool: mille-0.1.0'] },
    });
    const x = document.packages.find(({ name }: { name: string }) => name === 'x');
    expect(x).toMatchObject({
      ...{
        licenseDeclared: 'MIT OR Apache-2.0',
        sourceInfo: 'by /a/x.dist-info/METADATA; a part of python3-x',
      },
      externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:pypi/x@1' }],
      annotations: [
        { comment: `layer ${digest('e')}; diffID ${digest('f')}; Dockerfile:5; RUN pip install x` },
      ],
    });
  });

  test('licences that SPDX does not know are told in the document', () => {
    const document = JSON.parse(spdx(INPUT));
    const declared = (wanted: string) =>
      document.packages.find(({ name }: { name: string }) => name === wanted).licenseDeclared;
    expect(declared('y')).toBe('MIT AND LicenseRef-1-BSD-License');
    expect(declared('z')).toBe('(MIT OR ISC) AND LicenseRef-1-BSD-License');
    expect(declared('libssl3')).toBe('NOASSERTION');
    expect(document.hasExtractedLicensingInfos).toEqual([
      { licenseId: 'LicenseRef-1-BSD-License', extractedText: 'BSD License', name: 'BSD License' },
    ]);
    expect(JSON.parse(spdx(BARE)).creationInfo.created).toBe('1970-01-01T00:00:00Z');
  });
});

test('what is a licence of SPDX', () => {
  const kinds = ['MIT', 'GPL-2.0-only WITH Classpath-exception-2.0', 'GPLv3+', 'BSD License', 'UNKNOWN'].map(
    (text) => readLicense(text).kind,
  );
  expect(kinds).toEqual(['id', 'expression', 'other', 'other', 'other']);
});
