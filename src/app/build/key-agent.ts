// An SSH agent for the keys that `--ssh ID=KEY` names: OpenSSH's own, with those keys and no others. It lives as long as
// the build: a command that waits for the end of a pipe from this program stands between the two.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  CWD,
  findProgram,
  holdProgram,
  isErrno,
  readSmallFile,
  searchPath,
  signalProcess,
  sleep,
  spawn,
  statAt,
} from '../../sys/index.ts';

/** An agent that runs. */
export interface KeyAgent {
  /** Absolute path of its socket. */
  readonly socket: string;
  /** Ends it; twice is fine. */
  close(): void;
}

const LARGEST_KEY = 100 * 1024;
const STARTS_WITHIN = 10_000;
const TERM = 15;

/** Starts it in a directory of its own, and gives it the keys. @throws MilleError `tool-missing`, `io`, `usage` */
export async function startKeyAgent(directory: string, keys: readonly string[]): Promise<KeyAgent> {
  const contents = keys.map(readKey);
  const program = tool('ssh-agent');
  const adder = tool('ssh-add');
  const socket = `${directory}/keys`;
  let told = '';
  const held = holdProgram([program, '-a', socket, 'sh', '-c', 'echo $SSH_AGENT_PID; exec cat'], {
    onStdout: (chunk) => {
      told += Buffer.from(chunk).toString();
    },
    onStderr: () => {},
  });
  // Whoever never started is noticed by the socket that is not there.
  const over = held.exited.catch(() => undefined);
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    held.release();
    // It would look after its command every ten seconds only.
    if (/^\d+\n/.test(told)) signalProcess(Number.parseInt(told, 10), TERM);
  };
  try {
    const ready = (async () => {
      while (open && !(told.includes('\n') && statAt(CWD, socket)?.type === 'socket')) await sleep(5);
      return true;
    })();
    const late = sleep(STARTS_WITHIN).then(() => false);
    if (!(await Promise.race([ready, over.then(() => false), late])))
      throw new MilleError('tool-failed', 'ssh-agent did not start');
    for (const [i, bytes] of contents.entries()) await addKey({ adder, socket, path: keys[i]! }, bytes);
    return { socket, close };
  } catch (error) {
    close();
    throw error;
  }
}

function tool(name: string): string {
  const found = findProgram(name);
  if (found) return found;
  throw new MilleError('tool-missing', `--ssh with a key needs the program ${name}`, {
    hint: 'install it (Debian, Ubuntu: apt install openssh-client)',
  });
}

function readKey(path: string): Uint8Array {
  try {
    return readSmallFile(CWD, path, LARGEST_KEY);
  } catch (cause) {
    if (!isErrno(cause, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EFBIG')) throw cause;
    const why = isErrno(cause, 'EACCES')
      ? 'may not be read'
      : isErrno(cause, 'EISDIR')
        ? 'is a directory'
        : isErrno(cause, 'EFBIG')
          ? 'is too large for a key'
          : 'does not exist';
    throw new MilleError('io', `the SSH key '${displayPath(path)}' ${why}`, {
      hint: 'write --ssh ID=SOCKET, or --ssh ID=KEY[,KEY]',
      cause,
    });
  }
}

/** By standard input: no key is in a command line, and the mode of its file does not matter, as with Docker. */
async function addKey(
  { adder, socket, path }: { readonly adder: string; readonly socket: string; readonly path: string },
  bytes: Uint8Array,
): Promise<void> {
  let said = '';
  const { status } = await spawn([adder, '-q', '-'], {
    env: { PATH: searchPath(), SSH_AUTH_SOCK: socket, SSH_ASKPASS_REQUIRE: 'never' },
    stdin: bytes,
    // Without a terminal to ask for a passphrase at.
    detached: true,
    onStdout: () => {},
    onStderr: (chunk) => {
      said += Buffer.from(chunk).toString();
    },
  });
  if (status === 0) return;
  const locked = /passphrase/i.test(said);
  throw new MilleError(
    'usage',
    locked
      ? `the SSH key '${displayPath(path)}' has a passphrase`
      : `'${displayPath(path)}' is no private key of SSH`,
    {
      hint: locked
        ? '`ssh-add` it to an agent, then --ssh default'
        : 'it is the file without .pub, as ssh-keygen writes it',
    },
  );
}
