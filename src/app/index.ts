// Room `app`: the use cases, one file a verb. It wires the services of the lower rooms together and returns data;
// it prints nothing, parses no flags, and knows nothing of terminals. Each verb is loaded when it is called, so that
// starting costs nothing for the others.

import type { App } from './types.ts';

export type * from './types.ts';

export const build: App['build'] = async (...args) => (await import('./build/build.ts')).build(...args);
export const check: App['check'] = async (...args) => (await import('./build/call.ts')).check(...args);
export const outline: App['outline'] = async (...args) => (await import('./build/call.ts')).outline(...args);
export const targets: App['targets'] = async (...args) => (await import('./build/call.ts')).targets(...args);
export const run: App['run'] = async (...args) => (await import('./run/run.ts')).run(...args);
export const images: App['images'] = async (...args) => (await import('./images.ts')).images(...args);
export const history: App['history'] = async (...args) => (await import('./history.ts')).history(...args);
export const inspect: App['inspect'] = async (...args) => (await import('./inspect.ts')).inspect(...args);
export const inspectRemote: App['inspectRemote'] = async (...args) =>
  (await import('./inspect-remote/inspect-remote.ts')).inspectRemote(...args);
export const rawManifest: App['rawManifest'] = async (...args) =>
  (await import('./inspect-remote/inspect-remote.ts')).rawManifest(...args);
export const tag: App['tag'] = async (...args) => (await import('./tag.ts')).tag(...args);
export const rmi: App['rmi'] = async (...args) => (await import('./rmi.ts')).rmi(...args);
export const save: App['save'] = async (...args) => (await import('./save.ts')).save(...args);
export const load: App['load'] = async (...args) => (await import('./load.ts')).load(...args);
export const pull: App['pull'] = async (...args) => (await import('./pull/pull.ts')).pull(...args);
export const pullAll: App['pullAll'] = async (...args) => (await import('./pull/pull.ts')).pullAll(...args);
export const copy: App['copy'] = async (...args) => (await import('./copy/copy.ts')).copy(...args);
export const push: App['push'] = async (...args) => (await import('./push/push.ts')).push(...args);
export const login: App['login'] = async (...args) => (await import('./login/login.ts')).login(...args);
export const knownLogin: App['knownLogin'] = async (...args) =>
  (await import('./login/login.ts')).knownLogin(...args);
export const logout: App['logout'] = async (...args) => (await import('./login/login.ts')).logout(...args);
export const provide: App['provide'] = async (...args) => (await import('./pull/pull.ts')).provide(...args);
export const bootstrap: App['bootstrap'] = async (...args) =>
  (await import('./bootstrap/bootstrap.ts')).bootstrap(...args);
export const explainBootstrap: App['explainBootstrap'] = async (...args) =>
  (await import('./bootstrap/explain.ts')).explainBootstrap(...args);
export const parse: App['parse'] = async (...args) => (await import('./language/parse.ts')).parse(...args);
export const expand: App['expand'] = async (...args) =>
  (await import('./language/expand.ts')).expand(...args);
export const cacheMounts: App['cacheMounts'] = async (...args) =>
  (await import('./cache-mounts/verbs.ts')).cacheMounts(...args);
export const inspectCacheMounts: App['inspectCacheMounts'] = async (...args) =>
  (await import('./cache-mounts/verbs.ts')).inspectCacheMounts(...args);
export const clearCacheMounts: App['clearCacheMounts'] = async (...args) =>
  (await import('./cache-mounts/verbs.ts')).clearCacheMounts(...args);
export const exportCacheMounts: App['exportCacheMounts'] = async (...args) =>
  (await import('./cache-mounts/verbs.ts')).exportCacheMounts(...args);
export const importCacheMounts: App['importCacheMounts'] = async (...args) =>
  (await import('./cache-mounts/verbs.ts')).importCacheMounts(...args);
export const exportCache: App['exportCache'] = async (...args) =>
  (await import('./cache-travel/verbs.ts')).exportCache(...args);
export const importCache: App['importCache'] = async (...args) =>
  (await import('./cache-travel/verbs.ts')).importCache(...args);
export const df: App['df'] = async (...args) => (await import('./disk/df.ts')).df(...args);
export const prune: App['prune'] = async (...args) => (await import('./disk/prune.ts')).prune(...args);
export const plan: App['plan'] = async (...args) => (await import('./cost/plan.ts')).plan(...args);
export const verifyStore: App['verifyStore'] = async (...args) =>
  (await import('./disk/verify.ts')).verifyStore(...args);
export const why: App['why'] = async (...args) => (await import('./why/why.ts')).why(...args);
export const builds: App['builds'] = async (...args) => (await import('./why/why.ts')).builds(...args);
export const cost: App['cost'] = async (...args) => (await import('./cost/cost.ts')).cost(...args);
export const explain: App['explain'] = async (...args) =>
  (await import('./explain/explain.ts')).explain(...args);
export const explainFile: App['explainFile'] = async (...args) =>
  (await import('./explain/explain-file.ts')).explainFile(...args);
export const explainable: App['explainable'] = async (...args) =>
  (await import('./explain/explain.ts')).explainable(...args);
export const secrets: App['secrets'] = async (...args) =>
  (await import('./secrets/secrets.ts')).secrets(...args);
export const secretVariables: App['secretVariables'] = async (...args) =>
  (await import('./secrets/command-line.ts')).secretVariables(...args);
export const packages: App['packages'] = async (...args) =>
  (await import('./packages/packages.ts')).packages(...args);
export const sbom: App['sbom'] = async (...args) => (await import('./packages/sbom.ts')).sbom(...args);
export const diff: App['diff'] = async (...args) => (await import('./diff/diff.ts')).diff(...args);
export const explore: App['explore'] = async (...args) =>
  (await import('./explore/explore.ts')).explore(...args);
export const lint: App['lint'] = async (...args) => (await import('./lint/lint.ts')).lint(...args);
export const fixLint: App['fixLint'] = async (...args) => (await import('./lint/lint.ts')).fixLint(...args);
export const hadolintConfig: App['hadolintConfig'] = async (...args) =>
  (await import('./lint/hadolint-config.ts')).hadolintConfig(...args);
export const budget: App['budget'] = async (...args) => (await import('./budget/budget.ts')).budget(...args);
export const layers: App['layers'] = async (...args) => (await import('./layers/layers.ts')).layers(...args);
export const fileVersions: App['fileVersions'] = async (...args) =>
  (await import('./layers/file.ts')).fileVersions(...args);
export const extractFile: App['extractFile'] = async (...args) =>
  (await import('./layers/file.ts')).extractFile(...args);
export const compareFile: App['compareFile'] = async (...args) =>
  (await import('./layers/file.ts')).compareFile(...args);
export const openEditor: App['openEditor'] = async (...args) =>
  (await import('./editor/editor.ts')).openEditor(...args);
export const suggestBudget: App['suggestBudget'] = async (...args) =>
  (await import('./budget/suggest.ts')).suggestBudget(...args);
export const rewrites: App['rewrites'] = async () => (await import('./optimize/choose.ts')).rewriteRows();
export const optimize: App['optimize'] = async (...args) =>
  (await import('./optimize/optimize.ts')).optimize(...args);
export const tags: App['tags'] = async (...args) => (await import('./tags/tags.ts')).tags(...args);
export const search: App['search'] = async (...args) => (await import('./search/search.ts')).search(...args);
export const compareBases: App['compareBases'] = async (...args) =>
  (await import('./base/compare/compare.ts')).compareBases(...args);
export const rebase: App['rebase'] = async (...args) => (await import('./rebase/rebase.ts')).rebase(...args);
export const lock: App['lock'] = async (...args) => (await import('./lock/lock.ts')).lock(...args);
export const setBase: App['setBase'] = async (...args) =>
  (await import('./base/set/set-base.ts')).setBase(...args);
export const updateLifeCycles: App['updateLifeCycles'] = async (...args) =>
  (await import('./life-cycles/update.ts')).updateLifeCycles(...args);
export const base: App['base'] = async (...args) => (await import('./base/base.ts')).base(...args);
export const vulnerabilities: App['vulnerabilities'] = async (...args) =>
  (await import('./vulnerabilities/vulnerabilities.ts')).vulnerabilities(...args);
export const updateVulnerabilityData: App['updateVulnerabilityData'] = async (...args) =>
  (await import('./vulnerabilities/update.ts')).updateVulnerabilityData(...args);
export const vulnerabilityData: App['vulnerabilityData'] = async (...args) =>
  (await import('./vulnerabilities/update.ts')).vulnerabilityData(...args);
