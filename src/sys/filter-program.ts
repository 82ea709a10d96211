// Decompression by a program of the system, for the formats that the runtime lacks.

import { MilleError } from '../core/index.ts';
import { findProgram } from './process.ts';

const PROGRAMS = {
  bzip2: { arguments: ['-dc'], package: 'bzip2' },
  // The limit keeps a hostile header from asking for 4 GiB of dictionary.
  xz: { arguments: ['-dc', '--memlimit-decompress=1GiB'], package: 'xz-utils' },
} as const;

/**
 * Decompresses through `bzip2` or `xz`.
 * @throws MilleError `tool-missing`, or `archive-broken` where the program refuses the data
 */
export async function* filterThrough(
  name: keyof typeof PROGRAMS,
  input: AsyncGenerator<Uint8Array, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  const program = findProgram(name);
  if (program === undefined) {
    await input.return();
    throw new MilleError('tool-missing', `'${name}' is needed to unpack this archive and is not installed`, {
      hint: `install the package '${PROGRAMS[name].package}'`,
    });
  }
  const child = Bun.spawn([program, ...PROGRAMS[name].arguments], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
  const complaint = new Response(child.stderr).text();
  let failure: unknown;
  const feed = async () => {
    try {
      for await (const chunk of input) {
        // Both may fail, and each failure is one to be waited for.
        await child.stdin.write(chunk);
        await child.stdin.flush();
      }
      await child.stdin.end();
    } catch (error) {
      // A program that gave up closes its end; its exit status tells why.
      if ((error as { code?: string }).code !== 'EPIPE') failure = error;
      child.kill();
    }
  };
  const fed = feed();
  let finished = false;
  try {
    for await (const chunk of child.stdout as unknown as AsyncIterable<Uint8Array>) yield chunk;
    finished = true;
  } finally {
    if (!finished) child.kill();
    await fed;
  }
  const status = await child.exited;
  if (failure) throw failure;
  if (status !== 0) {
    throw new MilleError('archive-broken', `the ${name} data are damaged: ${reasonIn(await complaint)}`, {
      hint: 'fetch or create the archive again',
    });
  }
}

/** The programs' own words, without their names and without advice about other programs. */
function reasonIn(complaint: string): string {
  if (/unexpected end|ends unexpectedly/i.test(complaint)) return 'it ends too early';
  const first = complaint.trim().split('\n')[0] ?? '';
  const bare = first.replace(/^(?:bzip2|xz): (?:\(stdin\): )?/, '').replace(/[.;]$/, '');
  return bare === '' ? 'no reason given' : bare[0]!.toLowerCase() + bare.slice(1);
}
