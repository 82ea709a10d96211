// A package's file, opened: what it says of itself, and its files. The archive inside is read by dpkg-deb, which knows
// every compression that packages have.

import { MilleError } from '../../../core/index.ts';
import { openTarArchive, type TarArchive } from '../../../oci/layer/index.ts';
import { CWD, closeFd, findProgram, O, openAt, spawn, unlinkAt, writeAll } from '../../../sys/index.ts';
import { cEnvironment } from '../host-apt.ts';
import { readAll } from '../read-all.ts';

/** An open package. */
export interface Deb {
  /** The control file, as it is written. */
  readonly control: string;
  readonly preinst?: string;
  readonly postinst?: string;
  /** `md5  path` lines, paths without a slash at the start. */
  readonly md5sums: string;
  readonly files: TarArchive;
  close(): void;
}

/** No control file or script comes near this. */
const MOST_CONTROL = 4 << 20;

/** What a package says of itself, and its scripts. */
export type DebControl = Pick<Deb, 'control' | 'preinst' | 'postinst' | 'md5sums'>;

/** Opens a package. @throws MilleError `archive-broken`, `tool-missing`, `disk-full` */
export async function openDeb(path: string, tmpDir: string): Promise<Deb> {
  const control = await readControl(path, tmpDir);
  const files = await openPart(path, '--fsys-tarfile', tmpDir);
  return { ...control, files, close: () => files.close() };
}

/** Reads only what it says of itself. @throws MilleError as `openDeb` */
export async function readControl(path: string, tmpDir: string): Promise<DebControl> {
  const control = await openPart(path, '--ctrl-tarfile', tmpDir);
  try {
    const texts = new Map<string, string>();
    for (const entry of control.entries) {
      if (entry.type !== 'file' || !/^(control|preinst|postinst|md5sums)$/.test(entry.path)) continue;
      if (entry.size > MOST_CONTROL) throw broken(path, `${entry.path} is too large`);
      texts.set(entry.path, new TextDecoder().decode(readAll(control.open(entry), entry.size)));
    }
    const [preinst, postinst] = [texts.get('preinst'), texts.get('postinst')];
    return {
      control: texts.get('control') ?? '',
      ...(preinst === undefined ? {} : { preinst }),
      ...(postinst === undefined ? {} : { postinst }),
      md5sums: texts.get('md5sums') ?? '',
    };
  } finally {
    control.close();
  }
}

async function openPart(path: string, part: string, tmpDir: string): Promise<TarArchive> {
  const program = findProgram('dpkg-deb');
  if (!program)
    throw new MilleError('tool-missing', 'dpkg-deb, which reads packages, is not installed', {
      hint: 'apt install dpkg',
    });
  let message = '';
  const target = `${tmpDir}/part-${crypto.randomUUID()}.tar`;
  const fd = openAt(CWD, target, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
  try {
    const result = await spawn([program, part, path], {
      env: cEnvironment(),
      onStdout: (chunk) => writeAll(fd, chunk),
      onStderr: (chunk) => {
        message += new TextDecoder().decode(chunk);
      },
    });
    if (result.status !== 0) throw broken(path, message.trim());
    return await openTarArchive(target, tmpDir, { digests: false });
  } finally {
    closeFd(fd);
    // It lives as long as the archive's descriptor.
    unlinkAt(CWD, target);
  }
}

function broken(path: string, why: string): MilleError {
  return new MilleError('archive-broken', `the package ${path.replace(/.*\//, '')} cannot be read: ${why}`);
}
