// Stacks of layers in columns of numbers, for images of hundreds of thousands of entries.

export { Column } from './column.ts';
export type { EntryTable } from './entries.ts';
export { ColumnMerge, type ColumnObserver, type EarlierMeaning } from './merge.ts';
export { NONE, ROOT } from './names.ts';
export type { ColumnTree } from './tree.ts';
