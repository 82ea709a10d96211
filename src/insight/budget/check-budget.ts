// A budget held against the figures of an image: one check a limit.

import { formatSize, type Span } from '../../core/index.ts';
import type { Budget, Limit } from './budget.ts';
import { pathMatcher } from './path-matcher.ts';

/** A layer as it is counted. */
export interface BudgetLayer {
  /** From 0. */
  readonly index: number;
  /** Bytes, in the kind that the budget asks for. */
  readonly bytes: number;
  readonly own: boolean;
  readonly instruction: string;
  readonly dockerfile?: string;
  readonly line?: number;
}

/** What is to be known of an image. */
export interface BudgetFigures {
  readonly layers: readonly BudgetLayer[];
  /** Bytes of files: wasted, and all; of own layers and of all layers. */
  readonly waste: Readonly<Record<'own' | 'all', { readonly bytes: number; readonly of: number }>>;
  /** The largest pieces of waste, in words, the largest first. */
  readonly wasted: readonly string[];
  /** Bytes of all layers of the image to compare with, in the same kind. */
  readonly reference?: { readonly image: string; readonly bytes: number };
  /** Files that are visible at the end, with a slash before their paths, and the layers that wrote them. */
  files(): Iterable<{ readonly path: string; readonly bytes: number; readonly layer: number }>;
}

/** One limit and what it came to. */
export interface BudgetCheck {
  /** `total`, `layer`, `waste.share`, … */
  readonly rule: string;
  /** What is limited, in words. */
  readonly subject: string;
  readonly unit: 'bytes' | 'share' | 'count';
  readonly limit: number;
  /** Absent where it could not be found out, which is no pass. */
  readonly actual?: number;
  readonly passed: boolean;
  /** The limit is the least. */
  readonly atLeast?: boolean;
  /** More about it, in words. */
  readonly detail?: string;
  /** Of the limit. */
  readonly span: Span;
  /** The instruction that is to blame. */
  readonly blame?: { readonly instruction: string; readonly dockerfile?: string; readonly line?: number };
}

/** All checks of a budget, in its order of subjects. */
export function checkBudget(budget: Budget, figures: BudgetFigures): BudgetCheck[] {
  const { layers } = figures;
  const own = layers.filter((layer) => layer.own);
  const { kind } = budget.sizes;
  return [
    ...most('total', `all layers, ${kind}`, budget.total, sum(layers), largestOf(layers)),
    ...most('own', `own layers, ${kind}`, budget.own, sum(own), largestOf(own)),
    ...layerChecks(budget, own),
    ...layerCount(budget, layers.length),
    ...wasteChecks(budget, figures),
    ...growthChecks(budget, figures),
    ...pathChecks(budget, figures),
    ...lineChecks(budget, layers),
  ];
}

function most(
  rule: string,
  subject: string,
  limit: Limit | undefined,
  actual: number,
  more: Pick<BudgetCheck, 'detail' | 'blame'> = {},
): BudgetCheck[] {
  if (!limit) return [];
  const passed = actual <= limit.most;
  const { detail, blame } = more;
  return [
    {
      ...{ rule, subject, unit: 'bytes', limit: limit.most, actual, passed, span: limit.span },
      ...(passed || detail === undefined ? {} : { detail }),
      ...(passed || !blame ? {} : { blame }),
    },
  ];
}

function sum(layers: readonly BudgetLayer[]): number {
  return layers.reduce((total, { bytes }) => total + bytes, 0);
}

function blameOf({ instruction, dockerfile, line }: BudgetLayer): NonNullable<BudgetCheck['blame']> {
  return {
    instruction,
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(line === undefined ? {} : { line }),
  };
}

function largestOf(layers: readonly BudgetLayer[]): Pick<BudgetCheck, 'detail' | 'blame'> {
  const [largest] = [...layers].sort((a, b) => b.bytes - a.bytes);
  if (!largest) return {};
  return {
    detail: `the largest is layer ${largest.index + 1} with ${formatSize(largest.bytes)}`,
    blame: blameOf(largest),
  };
}

/** One check where all layers keep the limit, else one for each that does not. */
function layerChecks({ layer: limit, sizes }: Budget, own: readonly BudgetLayer[]): BudgetCheck[] {
  if (!limit) return [];
  const over = own.filter(({ bytes }) => bytes > limit.most);
  if (over.length === 0) {
    const actual = Math.max(0, ...own.map(({ bytes }) => bytes));
    return most('layer', `the largest own layer, ${sizes.kind}`, limit, actual);
  }
  return over.flatMap((one) =>
    most('layer', `layer ${one.index + 1}, ${sizes.kind}`, limit, one.bytes, { blame: blameOf(one) }),
  );
}

function layerCount({ layers: limit }: Budget, actual: number): BudgetCheck[] {
  if (!limit) return [];
  const common = { rule: 'layers', subject: 'number of layers', unit: 'count', limit: limit.most } as const;
  return [{ ...common, actual, passed: actual <= limit.most, span: limit.span }];
}

function wasteChecks({ waste }: Budget, figures: BudgetFigures): BudgetCheck[] {
  if (!waste) return [];
  const { bytes, of } = figures.waste[waste.of];
  const whose = waste.of === 'own' ? 'wasted by own layers' : 'wasted by all layers';
  const detail = figures.wasted.slice(0, 3).join('; ');
  const share = of === 0 ? 0 : bytes / of;
  const shares = most('waste.share', `${whose}, of their files`, waste.share, share, { detail });
  return [
    ...most('waste.bytes', whose, waste.bytes, bytes, { detail }),
    ...shares.map((check) => ({ ...check, unit: 'share' as const })),
  ];
}

function growthChecks({ growth, sizes }: Budget, { layers, reference }: BudgetFigures): BudgetCheck[] {
  if (!growth || !reference) return [];
  const grown = sum(layers) - reference.bytes;
  const subject = `more than ${reference.image}, ${sizes.kind}`;
  const detail = `${formatSize(sum(layers))} instead of ${formatSize(reference.bytes)}`;
  const share = reference.bytes === 0 ? (grown > 0 ? Number.POSITIVE_INFINITY : 0) : grown / reference.bytes;
  return [
    ...most('growth.bytes', subject, growth.bytes, grown, { detail }),
    ...most('growth.percent', subject, growth.share, share, { detail }).map((check) => ({
      ...check,
      unit: 'share' as const,
    })),
  ];
}

function pathChecks({ paths }: Budget, figures: BudgetFigures): BudgetCheck[] {
  if (paths.length === 0) return [];
  const matchers = paths.map(({ pattern }) => pathMatcher(pattern));
  const bytes = paths.map(() => figures.layers.map(() => 0));
  const largest = paths.map(() => ({ path: '', bytes: 0 }));
  for (const file of figures.files()) {
    for (let i = 0; i < matchers.length; i++) {
      if (!matchers[i]!(file.path)) continue;
      bytes[i]![file.layer]! += file.bytes;
      if (file.bytes > largest[i]!.bytes) largest[i] = file;
    }
  }
  return paths.flatMap(({ pattern, limit }, i) => {
    const { path, bytes: size } = largest[i]!;
    const detail = `the largest file is ${path} with ${formatSize(size)}`;
    const byLayer = bytes[i]!;
    const total = byLayer.reduce((all, one) => all + one, 0);
    const writer = figures.layers[byLayer.indexOf(Math.max(...byLayer))];
    return most('path', pattern, limit, total, { detail, ...(writer ? { blame: blameOf(writer) } : {}) });
  });
}

/** A line that nothing is known of is no pass: a limit that never holds anything would be worse than none. */
function lineChecks({ lines }: Budget, layers: readonly BudgetLayer[]): BudgetCheck[] {
  return lines.flatMap(({ line, limit }) => {
    const meant = layers.filter((layer) =>
      typeof line === 'number' ? layer.line === line : layer.instruction.startsWith(line),
    );
    const subject = typeof line === 'number' ? `line ${line} of the Dockerfile` : line;
    if (meant.length > 0) return most('line', subject, limit, sum(meant), { blame: blameOf(meant[0]!) });
    const detail =
      typeof line === 'number'
        ? 'no layer is known to be of this line: the record of the build is not here, or the line makes none'
        : 'no layer was made by such an instruction';
    const common = { rule: 'line', subject, unit: 'bytes', limit: limit.most, span: limit.span } as const;
    return [{ ...common, passed: false, detail }];
  });
}
