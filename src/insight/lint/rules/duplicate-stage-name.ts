import { buildkitPage, type Rule } from '../rule.ts';

export const duplicateStageName: Rule = {
  name: 'DuplicateStageName',
  codes: ['DL3024'],
  severity: 'warning',
  summary: 'every stage has a name of its own',
  url: buildkitPage('duplicate-stage-name'),
  page: `A second stage of the same name takes it from the first, which can then be reached by its number only. Names
that differ in case are the same.`,
  examples: [
    {
      bad: 'FROM debian AS build\nFROM golang AS build\nFROM scratch\nCOPY --from=build /app /',
      at: [2],
      good: 'FROM debian AS packages\nFROM golang AS build\nFROM scratch\nCOPY --from=build /app /',
    },
  ],
  check: ({ dockerfile: { stages }, complete }) => {
    const seen = new Set<string>();
    return (complete ? stages : []).flatMap(({ from: { name, as, node } }) => {
      if (name === undefined || !as) return [];
      const isNew = !seen.has(name);
      seen.add(name);
      return isNew
        ? []
        : [{ message: `another stage above is already named '${name}'`, span: as.span, at: node }];
    });
  },
};
