// An archive of a root file system as plain data, read by Python and not by the program under test.

import { join } from 'node:path';

/** One path of an archive. */
export interface Listed {
  readonly path: string;
  readonly type: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly size?: number;
  readonly sha256?: string;
  readonly link?: string;
  readonly device?: readonly number[];
  /** Values in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** All names of a file that has several. */
  readonly names?: readonly string[];
  /** Whole seconds since the epoch, where asked for. */
  readonly mtime?: number;
}

/** What an archive holds, by path. */
export async function listTar(
  archive: string,
  options: { readonly times?: boolean } = {},
): Promise<Map<string, Listed>> {
  lister ??= startLister();
  const lines = await lister(`${options.times ? 'times' : 'plain'} ${archive}\n`);
  return new Map(
    lines.map((line) => {
      const entry = JSON.parse(line) as Listed | string;
      if (typeof entry === 'string') throw new Error(`${archive} cannot be listed: ${entry}`);
      return [entry.path, entry];
    }),
  );
}

let lister: ReturnType<typeof startLister> | undefined;

/** One Python for all archives of a test file: starting it takes longer than what it does. It ends with this process. */
function startLister(): (request: string) => Promise<string[]> {
  const script = join(import.meta.dir, 'list-tar.py');
  const child = Bun.spawn(['python3', script], { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' });
  child.unref();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = '';
  const ask = async (request: string): Promise<string[]> => {
    child.stdin.write(request);
    child.stdin.flush();
    for (;;) {
      const end = buffered.startsWith('\n') ? 0 : buffered.indexOf('\n\n') + 1;
      if (end > 0 || buffered.startsWith('\n')) {
        const lines = buffered.slice(0, end).split('\n').filter(Boolean);
        buffered = buffered.slice(end + 1);
        return lines;
      }
      const { value, done } = await output.read();
      if (done) throw new Error('list-tar.py ended');
      buffered += value;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const result = last.then(() => ask(request));
    last = result.catch(() => undefined);
    return result;
  };
}
