// The time zone of a base image, as tzdata sets it. Pure.

import { MilleError } from '../../core/index.ts';
import type { ImageFile } from './image-files.ts';

/** The files that say it. @throws MilleError `usage` for a zone that tzdata does not know */
export function timeZone(zone: string, has: (path: string) => boolean): ImageFile[] {
  if (!has(`usr/share/zoneinfo/${zone}`))
    throw new MilleError('usage', `the package tzdata knows no time zone '${zone}'`, {
      hint: 'for example --timezone Europe/Paris; names that are no longer used are in the package tzdata-legacy',
    });
  return [
    { path: 'etc/localtime', type: 'symlink', link: `/usr/share/zoneinfo/${zone}`, replaces: true },
    { path: 'etc/timezone', type: 'file', content: `${zone}\n` },
  ];
}
