// `# syntax=` asks for a program, the frontend, that reads the file. Here it is always the built-in one: what others
// would do with the file is said, not done.

import type { BuildEvent, Span } from '../../core/index.ts';

/** The newest Dockerfile frontend that this room was compared with: docker/dockerfile 1.28 (BuildKit 0.34). */
const NEWEST_FRONTEND = [1, 28] as const;

type Notice = Extract<BuildEvent, { type: 'note' | 'warning' }>;

/**
 * What a build has to say about the frontend asked for; nothing when it is one that the built-in one stands for.
 * @param image its reference, of any form
 * @param span where it was asked for, if in a file
 */
export function frontendNotice(image: string, span?: Span): Notice | undefined {
  const parts = /^([^@:]*(?::[0-9]+(?=\/)[^@:]*)?)(?::([^@]*))?(?:@.*)?$/.exec(image);
  const repository = parts?.[1] ?? image;
  if (!isOfficial(repository)) {
    return {
      type: 'warning',
      message: `the frontend ${image} is not run: the file is read as a Dockerfile`,
      hint: 'mille reads Dockerfiles itself; what only that frontend understands fails or is missing in the image',
      ...(span ? { span } : {}),
    };
  }
  const version = /^([0-9]+)(?:\.([0-9]+))?(?=[.-]|$)/.exec(parts?.[2] ?? '');
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  if (major < NEWEST_FRONTEND[0] || (major === NEWEST_FRONTEND[0] && minor <= NEWEST_FRONTEND[1])) {
    return undefined;
  }
  return {
    type: 'note',
    message: `${image} is newer than the Dockerfile language that mille knows, which is that of ${NEWEST_FRONTEND.join('.')}`,
  };
}

/** Docker's own frontend, or a copy of it in another registry. */
function isOfficial(repository: string): boolean {
  return /(?:^|\/)docker\/dockerfile(?:-upstream)?$/.test(repository);
}
