// Room `insight/budget`: what an image may weigh. Reads the files that say so, with places for all that is wrong in them,
// and holds figures of an image against them. No I/O: texts and figures are handed in.

export type { Budget, Limit, SizeKind } from './budget.ts';
export { type BudgetCheck, type BudgetFigures, type BudgetLayer, checkBudget } from './check-budget.ts';
export { checkDive, type DiveBudget } from './check-dive.ts';
export { readBudget } from './read-budget.ts';
export { readDiveBudget } from './read-dive.ts';
