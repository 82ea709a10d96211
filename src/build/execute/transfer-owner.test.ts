import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Span } from '../../core/index.ts';
import { bytesReader } from '../../oci/image/index.ts';
import { openStore, type Store } from '../../oci/store/index.ts';
import type { CopyStep } from '../graph/index.ts';
import type { Snapshot } from './snapshot.ts';
import { ownerOf } from './transfer-owner.ts';
import { storeLayer } from './work.ts';

let place = '';
let store: Store;
let image: Snapshot;

const PASSWD = 'root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n';

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'mille-owner-'));
  store = openStore(join(place, 'store'), { privilege: 'root' });
  const entry = { uid: 0, gid: 0, mtime: 0 };
  const bytes = new TextEncoder().encode(PASSWD);
  const layer = await storeLayer(
    { store, events: () => {}, signal: new AbortController().signal },
    [
      { entry: { ...entry, path: 'etc', type: 'dir', mode: 0o755, size: 0 } },
      {
        entry: { ...entry, path: 'etc/passwd', type: 'file', mode: 0o644, size: bytes.length },
        open: () => bytesReader(bytes),
      },
    ],
    { step: '1' },
  );
  image = { layers: [layer.info] };
});

afterAll(() => {
  store?.close();
  rmSync(place, { recursive: true, force: true });
});

const span: Span = { source: { name: 'Dockerfile', text: 'COPY a b' }, start: 0, end: 4 };

function copy(chown: string | undefined, more: Partial<CopyStep> = {}): CopyStep {
  return { kind: 'copy', link: false, span, ...(chown === undefined ? {} : { chown }), ...more } as CopyStep;
}

describe('the owner of copied files', () => {
  test('nothing is said without --chown', async () => {
    expect(await ownerOf(store, copy(undefined), image)).toEqual({ warnings: [] });
  });

  test('names are looked up in the image, numbers need none', async () => {
    expect(await ownerOf(store, copy('app'), image)).toEqual({
      owner: { uid: 1000, gid: 1001 },
      warnings: [],
    });
    expect(await ownerOf(store, copy('7:8'), { layers: [] })).toEqual({
      owner: { uid: 7, gid: 8 },
      warnings: [],
    });
  });

  test('names that are not there are warnings, one each', async () => {
    const { owner, warnings } = await ownerOf(store, copy('nobody:crew'), image);
    expect(owner).toEqual({ uid: 0, gid: 0 });
    expect(warnings.map(({ message }) => message)).toEqual([
      "no user 'nobody' in the image's /etc/passwd: its files belong to root",
      "no group 'crew' in the image's /etc/group: the files keep the group of their user",
    ]);
    expect(warnings.map(({ hint }) => hint)).toEqual([
      'create the user in an earlier RUN, or give its number',
      'create the group in an earlier RUN, or give its number',
    ]);
  });

  test('a name where there is nothing to look it up in is an error at its place', async () => {
    const linked = ownerOf(store, copy('app', { link: true }), image);
    await expect(linked).rejects.toMatchObject({ code: 'unknown-user', span });
    const scratch = ownerOf(store, copy('app:5'), { layers: [] });
    await expect(scratch).rejects.toThrow(
      '--chown=app:5 is a name, and there are no files yet to look it up in',
    );
  });
});
