// The Dockerfile inside of a context that is a tree: an archive, a repository. Links are followed within the tree and
// never out of it, whatever the machine has at that path.

import { followLinks } from '../../build/execute/index.ts';
import {
  baseName,
  cleanRelative,
  displayPath,
  joinRelative,
  LIMITS,
  MilleError,
  parentPath,
  type SourceText,
} from '../../core/index.ts';
import type { FileTree } from '../../oci/image/index.ts';
import { type DockerfileSource, decodeDockerfile } from './dockerfile-source.ts';

/**
 * Reads a Dockerfile out of a tree, `dockerfile` standing in for a missing `Dockerfile`.
 * @param given the path of -f, relative to the top of the tree
 * @param place the tree in words, for messages: `the archive on standard input`
 * @throws MilleError `dockerfile-missing`, `dockerfile-syntax` for one that is too large or no text
 */
export function readTreeDockerfile(
  tree: FileTree,
  given: string | undefined,
  place: string,
): DockerfileSource {
  const wanted = cleanRelative(given ?? 'Dockerfile');
  const lower = joinRelative(parentPath(wanted), 'dockerfile');
  const names = baseName(wanted) === 'Dockerfile' ? [wanted, lower] : [wanted];
  for (const name of names) {
    const real = followLinks(tree, name);
    if (real === undefined || tree.get(real)?.type !== 'file') continue;
    return {
      source: decodeDockerfile(name, readFile(tree, real, name)),
      inTree: { path: name, beside: (other) => fileBeside(tree, joinRelative(parentPath(name), other)) },
    };
  }
  const shown = displayPath(given ?? 'Dockerfile');
  const link = tree.get(wanted)?.link;
  throw new MilleError('dockerfile-missing', `no ${shown} in ${place}`, {
    hint:
      link !== undefined
        ? `it is a link to '${displayPath(link)}', which is not there: links do not lead out`
        : given === undefined
          ? similar(tree)
          : `-f is relative to the top of ${place}`,
  });
}

function fileBeside(tree: FileTree, name: string): SourceText | undefined {
  const real = followLinks(tree, name);
  if (real === undefined || tree.get(real)?.type !== 'file') return undefined;
  return { name, text: Buffer.from(readFile(tree, real, name)).toString() };
}

function similar(tree: FileTree): string {
  const near = tree
    .children('')
    .filter((name) => /dockerfile|containerfile/i.test(name) && !name.endsWith('.dockerignore'));
  return near.length > 0
    ? `there is ${near.map(displayPath).join(', ')}: use -f`
    : 'the Dockerfile must be at its top, or -f must name it';
}

function readFile(tree: FileTree, path: string, name: string): Uint8Array {
  const size = tree.get(path)?.size ?? 0;
  if (size > LIMITS.dockerfile)
    throw new MilleError(
      'dockerfile-syntax',
      `${displayPath(name)} is larger than ${LIMITS.dockerfile} bytes`,
    );
  const bytes = new Uint8Array(size);
  const reader = tree.open(path);
  try {
    let length = 0;
    for (let n = reader.read(bytes); n > 0; n = reader.read(bytes.subarray(length))) length += n;
    return bytes.subarray(0, length);
  } finally {
    reader.close();
  }
}
