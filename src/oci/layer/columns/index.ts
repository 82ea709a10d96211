// Stacks of layers in columns of numbers, for images of hundreds of thousands of entries.

export { Integers, Numbers } from './column.ts';
export { type EntryNumbers, EntryTable } from './entries.ts';
export { ColumnMerge, type ColumnMergeOptions, type ColumnObserver, type EarlierMeaning } from './merge.ts';
export { NONE } from './names.ts';
export { ROOT } from './paths.ts';
export { ColumnTree } from './tree.ts';
