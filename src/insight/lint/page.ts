// docs/checks.md, from the rules.

import type { Rule, RuleExample } from './rule.ts';

const INTRODUCTION = `# Checks

\`mille build\` looks at the Dockerfile before it builds, with the rules of BuildKit's build checks, and lists what it
finds as warnings. \`mille build --check\` looks and does not build: each finding is shown in its place, and the exit
status is 1 where there is one. \`--call=check,format=json\` prints them as \`docker build\` does.

How things are written is looked at in the whole file; what instructions come to (variables, ports, commands), in the
stages that are built: those that the target needs, and with \`--check\` without \`--target\` all of them. Where a base
image is not in the store its variables are not known: \`--check\` says so, and leaves out what depends on them.

## Choosing

At the top of a Dockerfile, before anything else:

\`\`\`dockerfile
# check=skip=JSONArgsRecommended,StageNameCasing
# check=skip=all
# check=error=true
# check=skip=StageNameCasing;error=true;experimental=CopyIgnoredFile
\`\`\`

\`skip\` names the rules that are not looked at, \`experimental\` those of the experimental ones that are; both take \`all\`.
With \`error=true\` a warning makes the build fail before its first step. No spaces: what follows one is not read.
\`--build-arg BUILDKIT_DOCKERFILE_CHECK=…\` takes the place of the line, whatever it says. In a comment directly above an
instruction, \`# check=skip=…\` is for that instruction (as in BuildKit from 0.27 on).

## Rules
`;

/** The page. */
export function checksPage(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ name, summary, experimental }) =>
      `| [${name}](#${name.toLowerCase()}) | ${summary}${experimental ? ' (experimental)' : ''} |`,
  );
  const table = ['| rule | what should be so |', '| --- | --- |', ...rows].join('\n');
  return `${[INTRODUCTION, table, ...rules.map(ruleSection)].join('\n')}\n`;
}

/** The section of a rule. */
export function ruleSection(rule: Rule): string {
  const { name, summary, page, examples, experimental, url } = rule;
  const names = rule.codes && rule.codes.length > 0 ? ` Elsewhere: ${rule.codes.join(', ')}.` : '';
  const asked = experimental ? ' Experimental: only looked at where it is asked for.' : '';
  const link = url === undefined ? [] : ['', `[Docker's page](${url})`];
  const head = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.${asked}${names}`;
  return ['', `### ${name}`, '', head, '', page, ...examples.flatMap(exampleLines), ...link].join('\n');
}

function exampleLines(example: RuleExample): readonly string[] {
  const { bad, good, goodIgnoreFile } = example;
  const where = bracketed(factsOf(example));
  const after = bracketed(goodIgnoreFile === undefined ? [] : [ignoreFileHolds(goodIgnoreFile)]);
  return ['', `Not so${where}:`, '', ...block(bad), '', `But so${after}:`, '', ...block(good)];
}

/** What is around an example, in words. */
export function factsOf({ ignoreFile, images = {}, context = {} }: RuleExample): readonly string[] {
  return [
    ...(ignoreFile === undefined ? [] : [ignoreFileHolds(ignoreFile)]),
    ...(Object.keys(context).length === 0
      ? []
      : [`the context holds \`${Object.keys(context).join('`, `')}\``]),
    ...Object.entries(images).map(([reference, platform]) => `\`${reference}\` is for ${platform}`),
  ];
}

/** `the ignore file holds …`. */
export function ignoreFileHolds(text: string): string {
  return `the ignore file holds \`${text.trim().split('\n').join('`, `')}\``;
}

function bracketed(facts: readonly string[]): string {
  return facts.length === 0 ? '' : ` (${facts.join('; ')})`;
}

function block(text: string): readonly string[] {
  return ['```dockerfile', text, '```'];
}
