// The full log of a build as a text file: every line of output, never clipped. The latest 200 are kept.

import { type BuildEvent, formatPlace, redactUrls } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  listDirectory,
  lockFd,
  makeDirectories,
  O,
  openAt,
  openDirectory,
  unlinkAt,
  writeAll,
} from '../../sys/index.ts';

/** An open log. */
export interface BuildLog {
  readonly path: string;
  write(event: BuildEvent): void;
  close(): void;
}

const KEPT = 200;

/** Opens the log of a build below a directory; older logs beyond the limit are removed. */
export function openBuildLog(directory: string, buildId: string): BuildLog {
  makeDirectories(directory);
  removeOldest(directory);
  const path = `${directory}/${buildId}.log`;
  const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.APPEND, mode: 0o600 });
  // Until it is closed nobody takes it for an old one.
  lockFd(fd, { exclusive: false, wait: true });
  const started = performance.now();
  let open = true;
  return {
    path,
    write: (event) => {
      const text = open ? lineOf(event) : undefined;
      if (text === undefined) return;
      const time = ((performance.now() - started) / 1000).toFixed(2).padStart(8);
      const lines = redactUrls(text).replace(/\n$/, '').split('\n');
      writeAll(fd, Buffer.from(lines.map((line) => `${time} ${line}\n`).join('')));
    },
    close: () => {
      if (open) closeFd(fd);
      open = false;
    },
  };
}

function lineOf(event: BuildEvent): string | undefined {
  switch (event.type) {
    case 'build-started':
      return `build ${event.buildId} of ${event.dockerfile}`;
    case 'step-started':
      return `${event.title}${event.span ? ` (${formatPlace(event.span)})` : ''}`;
    case 'step-output':
      return `${event.step} ${event.stream}: ${event.text.replace(/\n(?=.)/g, `\n${event.step} ${event.stream}: `)}`;
    case 'step-missed':
      return `${event.step} runs: ${event.reasons.map((reason) => reason.text).join('; ')}`;
    case 'step-finished':
      return `${event.step} ${event.outcome} ${event.seconds.toFixed(2)}s${event.bytes === undefined ? '' : ` ${event.bytes} bytes`}`;
    case 'step-failed':
      return `${event.step} failed: ${event.message}`;
    case 'warning':
      return `warning: ${event.message}`;
    case 'note':
      return event.message;
    case 'build-finished':
      return `image ${event.imageId} ${event.names.join(' ')}`;
    case 'step-progress':
      return undefined;
  }
}

/** Names begin with the time of the build, so that their order is that of the builds. */
/** A build that starts at the same time removes the same. */
function removeOne(directory: number, name: string): void {
  try {
    unlinkAt(directory, name);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

function removeOldest(directory: string): void {
  const fd = openDirectory(CWD, directory);
  try {
    const logs = listDirectory(fd).filter((name) => name.endsWith('.log'));
    for (const name of logs.slice(0, Math.max(0, logs.length - KEPT + 1))) removeOne(fd, name);
  } finally {
    closeFd(fd);
  }
}
