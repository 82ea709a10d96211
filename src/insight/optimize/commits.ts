// What commits change: those of the project's own history, or, where that says too little, a guess that holds for most
// projects.

import type { Subject } from './subject.ts';

/** Commits, each the paths of the context that it touches. */
export interface Commits {
  readonly commits: readonly (readonly string[])[];
  /** No history says so. */
  readonly assumed: boolean;
}

/** Fewer say nothing about what is usual. */
const FEWEST = 5;

/** Files that no step has a use for, as a rule. */
export const DOCUMENT =
  /(^|\/)(docs?|\.github|\.gitlab)\/|\.(md|rst|adoc)$|(^|\/)(LICEN[CS]E|CHANGELOG|AUTHORS)[^/]*$/i;

/** Files that name dependencies, and how they are found: what installing them reads. */
export const MANIFEST =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|\.npmrc|\.yarnrc(\.yml)?|(.*[-_.])?(requirements|constraints)[^/]*\.(txt|in)|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(\.lock)?|setup\.(py|cfg)|go\.(mod|sum|work|work\.sum)|Cargo\.(toml|lock)|pom\.xml|build\.gradle(\.kts)?|settings\.gradle(\.kts)?|gradle\.properties|Gemfile(\.lock)?|[^/]+\.gemspec|composer\.(json|lock)|[^/]+\.(cs|fs|vb)proj|[^/]+\.slnx?|packages\.lock\.json|Directory\.(Build|Packages)\.props|NuGet\.config|mix\.(exs|lock)|pubspec\.(yaml|lock)|cpanfile(\.snapshot)?)$/i;

/** The commits to reckon with. */
export function commitsOf({ evidence: { history, context } }: Subject): Commits {
  if (history && history.commits.length >= FEWEST) return { commits: history.commits, assumed: false };
  const sources: string[] = [];
  const manifests: string[] = [];
  const documents: string[] = [];
  for (const { path } of context) {
    if (DOCUMENT.test(path)) documents.push(path);
    else if (MANIFEST.test(path)) manifests.push(path);
    else sources.push(path);
  }
  // Of five commits one is of documents alone; of the others one in four touches a manifest too.
  return {
    commits: [sources, sources, sources, [...sources, ...manifests], documents],
    assumed: true,
  };
}

/** For reasons that are given: what the figures stand on. */
export function basisOf({ commits, assumed }: Commits): string {
  if (!assumed) return `by the last ${commits.length} commits`;
  return 'by a guess, for there is too little history: sources change in four of five commits, dependencies in one, documents by themselves';
}
