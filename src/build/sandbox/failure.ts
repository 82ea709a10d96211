// Why a container did not start, from what the runtime and mount(8) left in the bundle's logs. A command that
// started and failed is no failure here: its status is the result.

import { displayPath, MilleError } from '../../core/index.ts';
import { CWD, readSmallFile, statAt } from '../../sys/index.ts';

const LOG_LIMIT = 1 << 20;

/**
 * The error of a container that could not be set up, or undefined where it did start. `said` is what came on
 * standard error and looked like the words of our own programs.
 */
export function setupFailure(bundle: string, command: string, said: string): MilleError | undefined {
  if (!statAt(CWD, `${bundle}/mount.log`)) {
    return new MilleError(
      'no-namespaces',
      `namespaces cannot be made here: ${said.trim() || 'no reason given'}`,
      {
        hint: 'inside of a container, mille needs it to be privileged (--privileged)',
      },
    );
  }
  const mount = readLog(`${bundle}/mount.log`).trim();
  if (mount !== '') {
    return new MilleError('run-failed', `the root file system could not be mounted: ${mount}`, {
      hint: / \/proc: /.test(mount)
        ? 'inside of a container, mille needs an unmasked /proc (--privileged, or --security-opt systempaths=unconfined)'
        : 'the store must lie on a file system that overlayfs can write to, such as ext4, xfs, btrfs or tmpfs',
    });
  }
  const message = lastError(readLog(`${bundle}/runtime.log`));
  if (message !== undefined) return failureOf(message, command);
  if (statAt(CWD, `${bundle}/pid`)) return execFailure(said, command);
  return new MilleError(
    'run-failed',
    `the container could not be started: ${said.trim() || 'no reason given'}`,
  );
}

/**
 * What fails in the last call of all, when the runtime has no log any more: its first process says this much on the
 * container's standard error, and nothing else was said.
 */
function execFailure(said: string, command: string): MilleError | undefined {
  const [, file] = /^exec (\S[^\n]*): [a-z ]+\n?$/.exec(said) ?? [];
  const name = command.slice(command.lastIndexOf('/') + 1);
  return file !== undefined && `/${file}`.endsWith(`/${name}`) ? failureOf(said, command) : undefined;
}

/** The last message of level error in a runtime's JSON log. */
export function lastError(log: string): string | undefined {
  for (const line of log.split('\n').reverse()) {
    try {
      const entry = JSON.parse(line) as { level?: unknown; msg?: unknown };
      if (entry.level === 'error' && typeof entry.msg === 'string') return entry.msg;
    } catch {
      // Not an entry: an empty or cut line.
    }
  }
  return undefined;
}

/** Tells a missing command (127) and one that cannot be executed (126) from everything else (125). */
export function failureOf(message: string, command: string): MilleError {
  const text = message
    .replace(/^runc (run|create) failed: /, '')
    .replace(/^unable to start container process: /, '')
    .replace(/^error during container init: /, '')
    .trim();
  // runc: `exec: "x": executable file not found in $PATH`, `exec /x: no such file or directory`;
  // crun: "executable file `x` not found in $PATH", "open executable: Permission denied".
  const aboutCommand = /^(exec\b|executable file |open executable|cannot find)/i.test(text);
  if (aboutCommand && /not found in \$PATH|no such file or directory/i.test(text)) {
    const script = /^exec \S/.test(text) && !/^exec: /.test(text);
    return new MilleError(
      'command-missing',
      `${command}: ${script ? 'its interpreter or loader' : 'command'} not found`,
      {
        hint: script
          ? 'the file is there, but the program in its first line (#!), or the loader it was linked for, is not'
          : 'look at the spelling, at PATH, and whether the image contains the program at all',
      },
    );
  }
  if (
    aboutCommand &&
    /permission denied|operation not permitted|is a directory|not a directory/i.test(text)
  ) {
    return new MilleError('command-not-executable', `${command}: permission denied`, {
      hint: 'the file needs the executable bit (COPY --chmod=755, or RUN chmod +x) and must not be a directory',
    });
  }
  if (aboutCommand && /exec format error/i.test(text)) {
    return new MilleError('command-not-executable', `${command}: not a program for this processor`, {
      hint: 'it was built for another platform, or is a script without a first line such as #!/bin/sh',
    });
  }
  const [, workdir] = /^mkdir (\/.*): (?:not a directory|file exists)$/i.exec(text) ?? [];
  if (workdir !== undefined) {
    return new MilleError(
      'run-failed',
      `the working directory '${displayPath(workdir)}' is not a directory`,
      {
        hint: 'choose another one: -w for mille run, WORKDIR in a Dockerfile',
      },
    );
  }
  return mountFailure(text) ?? new MilleError('run-failed', `the container could not be started: ${text}`);
}

/** Why the runtime could not mount something, without the names of our own files. */
function mountFailure(text: string): MilleError | undefined {
  const [, target, reason = ''] =
    /^error mounting "[^"]*" to rootfs at "([^"]+)":.*: ([^:]+)$/s.exec(text) ?? [];
  if (target === undefined) return undefined;
  const hints: Readonly<Record<string, string>> = {
    'not a directory': 'one is a directory and the other a file: the mount, and what the image has there',
    'read-only file system':
      'it lies on a mount that cannot be changed: make its place there first, or mount that rw',
  };
  const hint = hints[reason.trim()];
  if (hint === undefined) return undefined;
  return new MilleError(
    'run-failed',
    `nothing can be mounted at '${displayPath(target)}': ${reason.trim()}`,
    {
      hint,
    },
  );
}

/** Whether a chunk of standard error can be the runtime's own word about a failure, which `setupFailure` repeats. */
export function looksLikeRuntime(text: string): boolean {
  return /^(runc (run|create) failed: |exec \S|exec failed: |executable file |open executable|time="|(unshare|setpriv): )/.test(
    text,
  );
}

function readLog(path: string): string {
  if (!statAt(CWD, path)) return '';
  return new TextDecoder().decode(readSmallFile(CWD, path, LOG_LIMIT));
}
