// What `mille budget` takes and gives.

import type { SourceText } from '../../core/index.ts';
import type { BudgetCheck, SizeKind } from '../../insight/budget/index.ts';

export type { BudgetCheck, SizeKind };

export interface BudgetOptions {
  /** As written; else the one that the file names, else what was built last from the working directory. */
  readonly image?: string;
  readonly platform?: string;
  /** CA bundle trusted beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
  /** The image that it stands on, before the one that the file names. */
  readonly base?: string;
  /** Path of the budget; `.mille-budget.yaml` (dive: `.dive-ci`) of the working directory if not given. */
  readonly file?: string;
  /** The image to compare the growth with, before the one that the file names; `none`: growth is not looked at. */
  readonly against?: string;
  /** The file is dive's, and so are the figures. */
  readonly dive: boolean;
}

/** A budget and what an image is by it. */
export interface BudgetResult {
  readonly image: string;
  readonly source: SourceText;
  readonly sizes: SizeKind;
  readonly checks: readonly BudgetCheck[];
  /** What somebody may want to know, such as that no base image is known. */
  readonly notes: readonly string[];
}

/** Which image a budget is wanted for. */
export type SuggestOptions = Pick<BudgetOptions, 'image' | 'platform' | 'ca' | 'base'>;

/** What an image is today, in the terms of a budget; sizes uncompressed. */
export interface BudgetSuggestion {
  readonly image: string;
  readonly base?: string;
  readonly total: number;
  readonly own: number;
  /** The largest own one. */
  readonly layer: number;
  readonly layers: number;
  /** From 0 to 1. */
  readonly waste: number;
}

/** The verbs about budgets. */
export interface BudgetVerbs {
  /** Measures an image for a budget that is still to be written. @throws MilleError `usage` without an image */
  suggestBudget(options: SuggestOptions, signal?: AbortSignal): Promise<BudgetSuggestion>;
  /**
   * Holds an image against its budget. That it is exceeded is no error.
   * @throws MilleError `usage` without a file or an image, `file-format` with the place of what is wrong in the file
   */
  budget(options: BudgetOptions, signal?: AbortSignal): Promise<BudgetResult>;
}
