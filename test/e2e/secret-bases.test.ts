// No secret is found in a Debian with Node and npm, as it is installed: four hundred packages of other people's code. Takes
// minutes to make: with MILLE_LONG_TESTS only. Debian with Python is looked through where it is made, in bootstrap.test.ts.

import { afterAll, expect, test } from 'bun:test';
import { makePlace, mille, removePlace } from '../support/mille.ts';

const possible =
  process.getuid?.() === 0 && Bun.which('mmdebstrap') !== null && Boolean(process.env.MILLE_LONG_TESTS);
if (!possible)
  console.warn('secrets of a Node base skipped: MILLE_LONG_TESTS, root and mmdebstrap are needed');
const place = possible ? makePlace('secret-bases') : '';
afterAll(() => removePlace(place));

test.skipIf(!possible)(
  'a Node base has none',
  async () => {
    const self = await mille(`${place}/store`, { base: false });
    await self.must(['bootstrap', 'debian:bookworm', '--include', 'nodejs,npm', '-t', 'node']);
    const { status, stdout } = await self.run(['secrets', '--severity', 'info', 'node']);
    expect(stdout).toStartWith('No secrets found in ');
    expect(status).toBe(0);
  },
  { timeout: 30 * 60_000 },
);
