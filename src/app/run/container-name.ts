// Names of running containers: each is a locked file in the store, which the kernel unlocks when its process ends,
// however it ends.

import { MilleError } from '../../core/index.ts';
import { CWD, closeFd, lockFd, O, openAt, statAt, statFd, unlinkAt } from '../../sys/index.ts';

/**
 * Takes a name for a container until the function returned is called.
 * @throws MilleError `usage` for a malformed name, `run-failed` where another container has it.
 */
export function claimName(directory: string, name: string): () => void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name) || name.length > 200) {
    throw new MilleError('usage', `invalid container name '${name}'`, {
      hint: 'two or more letters, digits and _ . - ; a letter or digit first',
    });
  }
  const path = `${directory}/container-${name}.lock`;
  for (;;) {
    const fd = openAt(CWD, path, { flags: O.RDWR | O.CREAT, mode: 0o644 });
    if (!lockFd(fd, { exclusive: true, wait: false })) {
      closeFd(fd);
      throw new MilleError('run-failed', `the container name '${name}' is already in use`, {
        hint: 'a running container has it: choose another one, or end that container',
      });
    }
    // Its last owner may have removed the file between our two calls.
    if (statAt(CWD, path)?.ino === statFd(fd).ino) return () => release(fd, path);
    closeFd(fd);
  }
}

function release(fd: number, path: string): void {
  unlinkAt(CWD, path);
  closeFd(fd);
}
