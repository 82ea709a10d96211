// SPDX 2.3 as JSON (its specification, and the JSON schema beside it). Written here: there is no library for it.

import { type InstalledPackage, nameParts } from '../packages/index.ts';
import { imagePurl, timeOf, uuidOf } from './identity.ts';
import { readLicense } from './licenses.ts';
import type { SbomInput, SbomLayer } from './types.ts';

const DOCUMENT = 'SPDXRef-DOCUMENT';
const IMAGE = 'SPDXRef-Image';
const SYSTEM = 'SPDXRef-OperatingSystem';
const NOTHING_SAID = 'NOASSERTION';

/** Writes an inventory: the same one gives the same text. */
export function spdx(input: SbomInput): string {
  const created = `${(timeOf(input.created) ?? new Date(0)).toISOString().slice(0, 19)}Z`;
  const annotator = `Tool: mille-${input.version}`;
  const others = new OtherLicenses();
  const packages = input.packages.map((one, i) => ({
    id: `SPDXRef-Package-${i + 1}-${one.type}-${one.name.replace(/[^A-Za-z0-9.-]+/g, '-').slice(0, 80)}`,
    one,
  }));
  const written = packages.map(({ id, one }) =>
    packageOf(one, { id, layer: input.layers[one.layer]!, system: input.system, created, annotator, others }),
  );
  const contained = [...(input.system ? [SYSTEM] : []), ...packages.map(({ id }) => id)];
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name: [input.name, input.tag].filter(Boolean).join(':'),
    documentNamespace: `urn:uuid:${uuidOf(input.identity)}`,
    creationInfo: { created, creators: [annotator] },
    packages: [imageOf(input), ...systemOf(input), ...written],
    ...(others.all.length === 0 ? {} : { hasExtractedLicensingInfos: others.all }),
    relationships: [
      relationship(DOCUMENT, 'DESCRIBES', IMAGE),
      ...contained.map((id) => relationship(IMAGE, 'CONTAINS', id)),
    ],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function relationship(from: string, relationshipType: string, to: string) {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to };
}

/** What every package must say, though nothing is known. */
const UNKNOWN = {
  downloadLocation: NOTHING_SAID,
  filesAnalyzed: false,
  licenseConcluded: NOTHING_SAID,
  copyrightText: NOTHING_SAID,
} as const;

function imageOf(input: SbomInput) {
  return {
    ...{ name: input.name, SPDXID: IMAGE, versionInfo: input.tag ?? input.imageId, ...UNKNOWN },
    licenseDeclared: NOTHING_SAID,
    primaryPackagePurpose: 'CONTAINER',
    ...references(imagePurl(input)),
    checksums: checksums(input.manifestDigest ?? input.imageId),
  };
}

function checksums(digest: string) {
  const [algorithm = '', value = ''] = digest.split(':');
  return [{ algorithm: algorithm.toUpperCase(), checksumValue: value }];
}

function systemOf({ system }: SbomInput) {
  if (!system) return [];
  return [
    {
      ...{ name: system.id, SPDXID: SYSTEM, ...UNKNOWN, licenseDeclared: NOTHING_SAID },
      ...(system.version === undefined ? {} : { versionInfo: system.version }),
      ...(system.name === undefined ? {} : { description: system.name }),
      primaryPackagePurpose: 'OPERATING_SYSTEM',
    },
  ];
}

interface Around {
  readonly id: string;
  readonly layer: SbomLayer;
  readonly system: SbomInput['system'];
  readonly created: string;
  readonly annotator: string;
  readonly others: OtherLicenses;
}

function packageOf(one: InstalledPackage, { id, layer, system, created, annotator, others }: Around) {
  const { type, name, version, purl, path, licenses = [] } = one;
  const words = [
    ...(layer.digest === undefined ? [] : [`layer ${layer.digest}`]),
    `diffID ${layer.diffId}`,
    ...(layer.place === undefined ? [] : [layer.place]),
    ...(layer.instruction === '' ? [] : [layer.instruction]),
  ];
  return {
    ...{
      name: type === 'maven' ? nameParts(one, system).name : name,
      SPDXID: id,
      versionInfo: version,
      ...UNKNOWN,
    },
    licenseDeclared: declared(licenses, others),
    primaryPackagePurpose: type === 'generic' ? 'APPLICATION' : 'LIBRARY',
    sourceInfo: [
      one.claimed ? `by a variable of the image, for /${path}` : `by /${path}`,
      ...(one.source
        ? [`built from ${[one.source.name, one.source.version].filter(Boolean).join(' ')}`]
        : []),
      ...(one.partOf === undefined ? [] : [`a part of ${one.partOf}`]),
    ].join('; '),
    ...references(purl),
    annotations: [{ annotationDate: created, annotationType: 'OTHER', annotator, comment: words.join('; ') }],
  };
}

function references(purl: string | undefined) {
  if (purl === undefined) return {};
  return {
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  };
}

/** All of them hold together; what is no licence of SPDX is one of the document's own. */
function declared(licenses: readonly string[], others: OtherLicenses): string {
  const words = licenses.map(readLicense).map(({ kind, text }) => {
    if (kind === 'other') return others.reference(text);
    return kind === 'expression' && licenses.length > 1 ? `(${text})` : text;
  });
  return words.length === 0 ? NOTHING_SAID : [...new Set(words)].join(' AND ');
}

/** Texts of licences that SPDX does not know, by the names they have in this document. */
class OtherLicenses {
  readonly #ids = new Map<string, string>();

  reference(text: string): string {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const slug = text
      .replace(/[^A-Za-z0-9.-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40);
    const id = `LicenseRef-${this.#ids.size + 1}${slug === '' ? '' : `-${slug}`}`;
    this.#ids.set(text, id);
    return id;
  }

  get all() {
    return [...this.#ids].map(([text, licenseId]) => ({ licenseId, extractedText: text, name: text }));
  }
}
