// A layout with one image for each of two platforms, and perhaps a third that its index names and does not have.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mille, writeTree } from './mille.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';

/** This machine's architecture, and the other one. */
export const OWN = process.arch === 'arm64' ? 'arm64' : 'amd64';
export const OTHER = OWN === 'arm64' ? 'amd64' : 'arm64';

interface Entry {
  readonly digest: string;
  readonly mediaType: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Makes the layout: its image is called app:1, has a file `/arch`, and no program.
 * @param absent whether the index names a third one
 * @returns its directory, and the digest of the index
 */
export async function layoutOfSeveral(
  self: Mille,
  place: string,
  absent: boolean,
): Promise<{ readonly layout: string; readonly index: string }> {
  const context = join(place, 'made');
  const dockerfile = 'FROM scratch\nARG TARGETARCH\nENV MADE_FOR=$TARGETARCH\nCOPY $TARGETARCH /arch\n';
  writeTree(context, { Dockerfile: dockerfile, amd64: 'for amd64\n', arm64: 'for arm64\n' });
  const layout = join(place, 'layout');
  for (const architecture of ['amd64', 'arm64']) {
    const output = `type=oci,tar=false,dest=${layout},name=${architecture}`;
    await self.must(['build', '--platform', `linux/${architecture}`, '-o', output, context]);
  }
  const file = join(layout, 'index.json');
  const { manifests } = JSON.parse(readFileSync(file, 'utf8')) as { manifests: Entry[] };
  const members = manifests.map(({ digest, mediaType, size, annotations = {} }) => {
    const architecture = annotations['org.opencontainers.image.ref.name']!.replace(':latest', '');
    return { mediaType, digest, size, platform: { os: 'linux', architecture } };
  });
  const third = {
    ...members[0]!,
    digest: sha256('absent'),
    platform: { os: 'linux', architecture: 's390x' },
  };
  const document = JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX,
    manifests: absent ? [...members, third] : members,
  });
  const index = sha256(document);
  writeFileSync(join(layout, 'blobs/sha256', index.slice(7)), document);
  const annotations = { 'io.containerd.image.name': 'docker.io/library/app:1' };
  const entry = { mediaType: INDEX, digest: index, size: document.length, annotations };
  writeFileSync(file, JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  return { layout, index };
}

function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
