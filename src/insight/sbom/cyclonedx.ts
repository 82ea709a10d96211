// CycloneDX 1.6 as JSON, through CycloneDX's own library.

import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import { type InstalledPackage, nameParts } from '../packages/index.ts';
import { imagePurl, timeOf, uuidOf } from './identity.ts';
import { readLicense } from './licenses.ts';
import type { SbomInput } from './types.ts';

/** Writes an inventory: the same one gives the same text. */
export function cycloneDx(input: SbomInput): string {
  const bom = new Models.Bom({ serialNumber: `urn:uuid:${uuidOf(input.identity)}` });
  const { metadata } = bom;
  const time = timeOf(input.created);
  if (time) metadata.timestamp = time;
  metadata.tools.components.add(
    new Models.Component(Enums.ComponentType.Application, 'mille', {
      version: input.version,
      bomRef: 'mille',
    }),
  );
  const image = imageComponent(input);
  metadata.component = image;
  for (const component of [...systemComponents(input), ...packageComponents(input)]) {
    bom.components.add(component);
    image.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function imageComponent(input: SbomInput): Models.Component {
  const purl = imagePurl(input);
  const component = new Models.Component(Enums.ComponentType.Container, input.name, {
    version: input.tag ?? input.imageId,
    bomRef: input.imageId,
    ...(purl === undefined ? {} : { purl }),
  });
  put(component, 'mille:image:id', input.imageId);
  put(component, 'mille:image:manifest', input.manifestDigest);
  return component;
}

function systemComponents({ system }: SbomInput): Models.Component[] {
  if (!system) return [];
  return [
    new Models.Component(Enums.ComponentType.OperatingSystem, system.id, {
      bomRef: `os:${system.id}`,
      ...(system.version === undefined ? {} : { version: system.version }),
      ...(system.name === undefined ? {} : { description: system.name }),
    }),
  ];
}

function packageComponents({ packages, layers, system }: SbomInput): Models.Component[] {
  const refs = new Set<string>();
  return packages.map((one) => {
    const { type, version, purl, path } = one;
    const spread = type === 'maven' || type === 'npm';
    const { namespace, name } = spread ? nameParts(one, system) : { namespace: undefined, name: one.name };
    const component = new Models.Component(kindOf(one), name, {
      ...{ version, bomRef: freshRef(refs, `${purl ?? `${type}:${one.name}@${version}`}#/${path}`) },
      ...(namespace === undefined ? {} : { group: namespace }),
      ...(purl === undefined ? {} : { purl }),
    });
    for (const license of licensesOf(one)) component.licenses.add(license);
    const layer = layers[one.layer]!;
    put(component, 'mille:layer:digest', layer.digest);
    put(component, 'mille:layer:diffId', layer.diffId);
    put(component, 'mille:layer:instruction', layer.instruction);
    put(component, 'mille:layer:line', layer.place);
    put(component, 'mille:path', `/${path}`);
    put(component, 'mille:partOf', one.partOf);
    put(component, 'mille:size', one.size === undefined ? undefined : String(one.size));
    put(
      component,
      'mille:source',
      one.source && [one.source.name, one.source.version].filter(Boolean).join(' '),
    );
    put(component, 'mille:type', type);
    put(component, 'mille:claimed', one.claimed ? 'by a variable of the image' : undefined);
    return component;
  });
}

function kindOf({ type }: InstalledPackage): Enums.ComponentType {
  return type === 'generic' ? Enums.ComponentType.Application : Enums.ComponentType.Library;
}

/** An expression stands alone: beside others there are names only. */
function licensesOf({ licenses = [] }: InstalledPackage): Models.License[] {
  const read = licenses.map(readLicense);
  if (read.length === 1 && read[0]!.kind === 'expression')
    return [new Models.LicenseExpression(read[0]!.text)];
  return read.map(({ kind, text }) =>
    kind === 'id' && SPDX.isSupportedSpdxId(text)
      ? new Models.SpdxLicense(text)
      : new Models.NamedLicense(text),
  );
}

function put(component: Models.Component, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') component.properties.add(new Models.Property(name, value));
}

function freshRef(known: Set<string>, wanted: string): string {
  let ref = wanted;
  for (let i = 2; known.has(ref); i++) ref = `${wanted}:${i}`;
  known.add(ref);
  return ref;
}
