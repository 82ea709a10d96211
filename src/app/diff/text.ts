// The text of one file in two images, line by line.

import {
  cleanRelative,
  displayPath,
  hideInLine,
  holdsKey,
  isSecretFile,
  MilleError,
} from '../../core/index.ts';
import type { Stack } from '../../insight/differences/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { mergeTables } from '../../oci/layer/index.ts';
import { diffTexts } from '../text-diff.ts';
import type { TextComparison } from './types.ts';

const LARGEST = 16 * 1024 * 1024;

/** Compares a file, links followed. @throws MilleError `source-missing` where neither image has it, `usage` for a directory */
export async function compareText(
  images: readonly [OpenedImage, OpenedImage],
  stacks: readonly [Stack, Stack],
  name: string,
): Promise<TextComparison> {
  const path = cleanRelative(name);
  const before = await readFile(images[0], stacks[0], path);
  const after = await readFile(images[1], stacks[1], path);
  if (before === undefined && after === undefined) {
    throw new MilleError('source-missing', `neither image has a file '/${displayPath(path)}'`, {
      hint: 'give the path as a container sees it',
    });
  }
  const there = { path, inBefore: before !== undefined, inAfter: after !== undefined };
  const none = { ...there, equal: false, added: 0, removed: 0 };
  if (before && after && before.digest === after.digest) return { ...none, equal: true };
  if (isSecretFile(path)) return { ...none, withheld: 'its name sounds as if it kept a secret' };
  const texts = [before, after].map((file) => (file ? textOf(file.bytes) : ''));
  const [a, b] = texts;
  if ([before, after].some((file) => file && file.bytes === undefined))
    return { ...none, withheld: `it is larger than ${LARGEST / 1024 / 1024} MiB` };
  if (a === undefined || b === undefined) return { ...none, withheld: 'it is no text' };
  if (holdsKey(a) || holdsKey(b)) return { ...none, withheld: 'there is a private key in it' };
  const found = diffTexts(a, b);
  if (!found) return { ...none, withheld: 'more than a thousand lines differ' };
  return { ...none, lines: found.lines.map(hideInLine), added: found.added, removed: found.removed };
}

interface ReadFile {
  readonly digest: string;
  /** Absent for one that is too large. */
  readonly bytes?: Uint8Array;
}

async function readFile(image: OpenedImage, { tables }: Stack, path: string): Promise<ReadFile | undefined> {
  const tree = mergeTables(tables);
  const real = tree.resolve(path);
  const shown = real === undefined ? undefined : tree.get(real);
  if (!shown) return undefined;
  const { content, entry } = shown;
  if (!content) {
    throw new MilleError(
      'usage',
      `'/${displayPath(path)}' is a ${entry.type === 'dir' ? 'directory' : entry.type}`,
      {
        hint: '--file compares one file; without it all that differs is listed',
      },
    );
  }
  const digest = content.entry.digest ?? '';
  if (content.entry.size > LARGEST) return { digest };
  const parts: Uint8Array[] = [];
  await image.layers[content.layer]!.read((one) =>
    one === content.entry ? { data: (bytes) => void parts.push(bytes.slice()) } : undefined,
  );
  return { digest, bytes: Buffer.concat(parts) };
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
