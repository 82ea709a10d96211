// Sizes, as everywhere in the program.

export { formatSize } from '../../core/index.ts';
