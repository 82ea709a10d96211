// Extended attributes of files and directories: their names and their values. No listing shows them, and they travel
// with the layer like everything else.

import {
  type Detector,
  type Excerpt,
  FileScanner,
  type FoundSecret,
  findSecrets,
} from '../../secrets/index.ts';

/** An attribute in which there is something to be looked at. */
export interface SuspectAttribute {
  readonly name: string;
  readonly excerpts: readonly Excerpt[];
}

/** A secret in an attribute. The name is fit to be shown. */
export interface AttributeFinding extends Pick<FoundSecret, 'rule' | 'severity' | 'shown' | 'offset'> {
  readonly attribute: string;
}

/** The kernel's own: capabilities, labels, access lists. */
const KERNELS = /^(?:security\.|system\.posix_acl_)/;
/** Bytes of a value. No Linux file system takes more; archives may say so. */
const MOST_BYTES = 1 << 16;

let scanner: FileScanner | undefined;

/** The attributes of an entry that have to be looked at; values in base64. */
export function suspectAttributes(
  xattrs: Readonly<Record<string, string>> | undefined,
): readonly SuspectAttribute[] {
  const suspects: SuspectAttribute[] = [];
  for (const [name, value] of Object.entries(xattrs ?? {})) {
    if (KERNELS.test(name)) continue;
    scanner ??= new FileScanner();
    scanner.start('dotenv');
    // As a file of settings would have it: so the name tells of the value, and is looked at itself.
    scanner.feed(Buffer.from(`${name}=`));
    scanner.feed(Buffer.from(value.slice(0, (MOST_BYTES / 3) * 4), 'base64'));
    const excerpts = scanner.finish();
    if (excerpts.length > 0) suspects.push({ name, excerpts });
  }
  return suspects;
}

/** The secrets of an attribute of the file at `path`. */
export async function secretsOfAttribute(
  { name, excerpts }: SuspectAttribute,
  { detector, path }: { readonly detector: Detector; readonly path: string },
): Promise<readonly AttributeFinding[]> {
  const found = await findSecrets(excerpts, { detector, path, kind: 'dotenv' });
  const attribute = shownName(name, found);
  const before = Buffer.byteLength(name) + 1;
  return found.map(({ rule, severity, shown, offset }) => ({
    ...{ rule, severity, shown, attribute },
    offset: Math.max(0, offset - before),
  }));
}

/** Without the secrets in it. */
function shownName(name: string, found: readonly FoundSecret[]): string {
  const inside = found.filter(({ offset }) => offset < name.length).sort((a, b) => b.offset - a.offset);
  // Offsets are of bytes.
  if (inside.length > 0 && Buffer.byteLength(name) !== name.length) return '***';
  return inside.reduce(
    (text, { offset, length, shown }) => text.slice(0, offset) + shown + text.slice(offset + length),
    name,
  );
}
