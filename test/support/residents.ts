// The residents of a whole run of the tests, and how a test file gets one. `npm test` starts this as a program,
// `residents.ts SOCKET MOST`; it makes a resident when one is wanted, and ends with what started it.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idleResident } from './resident.ts';

interface Asked {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the residents are; undefined where nothing started them. */
const socket = process.env.MILLE_TEST_RESIDENTS;

/**
 * Gives a command line to a resident.
 * @returns undefined where there is none, or all of them are busy
 */
export async function askResident(asked: Asked): Promise<Answer | undefined> {
  if (socket === undefined || process.env.MILLE_TEST_FRESH === '1') return undefined;
  const response = await fetch('http://residents/', {
    unix: socket,
    method: 'POST',
    body: JSON.stringify(asked),
    timeout: false,
    keepalive: false,
  } as RequestInit).catch(() => undefined);
  if (!response || response.status === 503) return undefined;
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}

if (import.meta.main) {
  const [path = '', most = '2'] = process.argv.slice(2);
  const place = mkdtempSync(join(tmpdir(), 'mille-residents-'));
  Bun.serve({
    unix: path,
    fetch: async (request, server) => {
      // A build may take its time.
      server.timeout(request, 0);
      const { args, ...where } = (await request.json()) as Asked;
      const resident = idleResident(place, Number(most));
      if (!resident) return new Response('all are busy', { status: 503 });
      try {
        return Response.json(await resident.run(args, where));
      } catch (error) {
        return new Response(String(error), { status: 500 });
      }
    },
  });
  chmodSync(path, 0o600);
  const end = () => {
    rmSync(place, { recursive: true, force: true });
    process.exit();
  };
  process.on('SIGTERM', end);
  // Also where what started it was killed.
  const starter = process.ppid;
  setInterval(() => process.ppid === starter || end(), 2000);
}
