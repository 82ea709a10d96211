// Room `insight/explore`: a stack of layers as one tree of files in which every name has its history: which layer
// brought it, changed it, only touched it, removed it; and the tree as seen at a layer, with what each directory weighs.
// Made for walking about in: numbers in arrays, hundreds of thousands of names. What layers do is `insight/inspect`'s
// to say.

export { type ContentPlace, contentOf, type FileHistory, fileHistory, pathOf } from './history.ts';
export { CHANGES, type Change } from './version.ts';
export { type FileView, type Scope, viewFiles } from './view.ts';
export { type WastedVersion, wasteByVersion, wastedVersions } from './waste.ts';
