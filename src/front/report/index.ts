// Room `front/report`: values → text for terminals, logs and programs. Pure functions: no I/O, no clock, no
// terminal (its size and colours are handed in); of the rooms below it knows types only. What it prints of other
// people's text it makes safe first.

export { comparedBasesHtml } from './base/compare-html.ts';
export { comparedBasesJson } from './base/compare-json.ts';
export { renderComparedBases } from './base/compare-text.ts';
export { baseJson } from './base/json.ts';
export { renderSetBase, setBaseJson } from './base/set-text.ts';
export { renderBase } from './base/text.ts';
export { lifeCycleUpdateJson, renderLifeCycleUpdate } from './base/update-text.ts';
export { baseExplanationJson, renderBaseExplanation } from './bootstrap.ts';
export { budgetGithub, budgetJson, budgetJunit, renderBudget } from './budget.ts';
export { budgetSarif } from './budget-sarif.ts';
export { renderSuggestion } from './budget-suggestion.ts';
export {
  renderCacheInspect,
  renderCacheMounts,
  renderCleared,
  renderImported,
} from './cache-mounts.ts';
export { renderExportedCache, renderImportedCache } from './cache-travel.ts';
export { checkJson, renderCheck } from './check.ts';
export { copiedJson, renderCopied } from './copy.ts';
export { costJson, renderCost } from './cost.ts';
export { renderDiff } from './diff.ts';
export { diffJson } from './diff-json.ts';
export { renderDamagedImages, renderDisk } from './disk.ts';
export { errorJson, errorStatus, renderError } from './error.ts';
export { renderExplainable, renderExplained, renderExplainedFile } from './explain.ts';
export { renderHistory } from './history.ts';
export {
  renderDamagedRows,
  renderImages,
  renderLoaded,
  renderPulled,
  renderPulledAll,
  renderPushed,
  renderRemoved,
} from './images.ts';
export { renderInspect, renderInspectRemote } from './inspect.ts';
export { renderExpanded, renderParsed } from './language.ts';
export { renderCompared, renderVersions } from './layers/file.ts';
export { comparedJson, layersJson, versionsJson } from './layers/json.ts';
export { renderLayers } from './layers/stack.ts';
export { renderSizes } from './layers/tree.ts';
export { renderWaste } from './layers/waste.ts';
export type { LintStyle } from './lint/finding.ts';
export { LINT_FORMS } from './lint/forms.ts';
export { hadolintLines } from './lint/hadolint.ts';
export { renderLint } from './lint/text.ts';
export { lockJson, renderLock } from './lock.ts';
export { optimizeHtml } from './optimize/html.ts';
export { optimizeJson } from './optimize/json.ts';
export { optimizeMarkdown } from './optimize/markdown.ts';
export { renderRewrites, rewritesJson } from './optimize/rewrites.ts';
export { type OptimizeStyle, renderOptimized } from './optimize/text.ts';
export { outlineJson, renderOutline, renderTargets, targetsJson } from './outline.ts';
export { packagesJson, renderPackages } from './packages.ts';
export { planJson, renderPlan } from './plan.ts';
export { jsonProgress } from './progress/json.ts';
export { createLiveProgress } from './progress/live.ts';
export { createPlainProgress } from './progress/plain.ts';
export { type ProgressRenderer, quietProgress } from './progress/renderer.ts';
export { renderPruned } from './pruned.ts';
export { rebaseJson, renderRebase } from './rebase.ts';
export { oneLine, sanitizeLine } from './sanitize.ts';
export { renderSearch } from './search.ts';
export { secretsJson, secretsSarif } from './secrets/json.ts';
export { isAtLeast, renderSecrets } from './secrets/text.ts';
export { formatSize } from './size.ts';
export { renderVerified } from './store-verify.ts';
export { makeStyle, type Paint, type Style } from './style.ts';
export { nearest } from './suggest.ts';
export { renderTable } from './table.ts';
export { tagsJson } from './tags/json.ts';
export { renderTags } from './tags/text.ts';
export { unifiedDiff } from './unified-diff.ts';
export { fetchingText, renderVulnerabilityData, updateText } from './vulnerabilities/data.ts';
export { vulnerabilitiesJson, vulnerabilityDataJson } from './vulnerabilities/json.ts';
export { vulnerabilitiesSarif } from './vulnerabilities/sarif.ts';
export { renderVulnerabilities } from './vulnerabilities/text.ts';
export { renderBuilds } from './why/builds.ts';
export { whyJson } from './why/json.ts';
export { renderWhy } from './why/text.ts';
export { cutText, padText, textWidth } from './width.ts';
