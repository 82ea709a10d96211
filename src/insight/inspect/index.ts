// Room `insight/inspect`: what is inside an image, from the tables of contents of its layers alone. The stack of layers
// with what each of them does, waste and whom to blame for it, sizes as a tree, the versions of a path. No I/O: tables,
// the names of other images and lines of Dockerfiles are handed in.

export { type Aspect, differingAspects } from './aspects.ts';
export { type FoundBase, findBase, type KnownImage } from './base.ts';
export { surveyedSizes } from './column-sizes.ts';
export { type Contents, contentsOf, type HiddenBy } from './contents.ts';
export { DiveCount, type DiveFigures } from './dive.ts';
export { type ChangeCounts, figuresOf, type LayerFigures } from './figures.ts';
export { instructionText } from './instruction.ts';
export { type Place, placesOf } from './places.ts';
export { type Hiding, type PathChange, type Replay, replayLayers, type StoredContent } from './replay.ts';
export { layerSizes, type SizeNode } from './sizes.ts';
export {
  type LayerFacts,
  type LayerStack,
  layerStack,
  type SourceLine,
  type StackInput,
} from './stack.ts';
export { type LayerSurvey, surveyLayers } from './survey.ts';
export { type PathVersion, pathVersions } from './versions.ts';
export {
  findWaste,
  type Waste,
  type WasteGroup,
  type WasteKind,
  type WastePiece,
  type WasteScope,
} from './waste.ts';
