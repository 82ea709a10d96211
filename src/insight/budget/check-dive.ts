// dive's three limits, held against its own figures.

import { formatSize } from '../../core/index.ts';
import type { Limit } from './budget.ts';
import type { BudgetCheck } from './check-budget.ts';

/** What is absent is switched off. For the efficiency the limit is the least, not the most. */
export interface DiveBudget {
  readonly efficiency?: Limit;
  readonly wastedBytes?: Limit;
  readonly userWasted?: Limit;
}

/** Figures as dive computes them. */
export interface DiveNumbers {
  readonly efficiency: number;
  readonly wastedBytes: number;
  readonly userWasted: number;
}

/** Compares as dive does. */
export function checkDive(budget: DiveBudget, figures: DiveNumbers): BudgetCheck[] {
  const { efficiency, wastedBytes, userWasted } = budget;
  const checks: BudgetCheck[] = [];
  if (efficiency) {
    checks.push({
      rule: 'lowestEfficiency',
      subject: "dive's efficiency",
      unit: 'share',
      ...{ limit: efficiency.most, actual: figures.efficiency, span: efficiency.span, atLeast: true },
      passed: figures.efficiency >= efficiency.most,
    });
  }
  if (wastedBytes) {
    checks.push({
      rule: 'highestWastedBytes',
      subject: "dive's wasted bytes",
      unit: 'bytes',
      ...{ limit: wastedBytes.most, actual: figures.wastedBytes, span: wastedBytes.span },
      passed: figures.wastedBytes <= wastedBytes.most,
    });
  }
  if (userWasted) {
    checks.push({
      rule: 'highestUserWastedPercent',
      subject: "dive's wasted share of the layers but the first",
      unit: 'share',
      ...{ limit: userWasted.most, actual: figures.userWasted, span: userWasted.span },
      passed: figures.userWasted <= userWasted.most,
      detail: `${formatSize(figures.wastedBytes)} wasted`,
    });
  }
  return checks;
}
