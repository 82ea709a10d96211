// Programs that images hold, read from opened images: what they ask of the system they run on, and which one that is.

export { groundOf, readBrought } from './ground.ts';
export { libcOfImage } from './libc-of-image.ts';
export { readPrograms } from './read-programs.ts';
