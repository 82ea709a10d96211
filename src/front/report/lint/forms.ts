// The forms for programs, by their names: one a file.

import type { LintedFile } from '../../../app/index.ts';
import { checkstyle } from './checkstyle.ts';
import { codacy } from './codacy.ts';
import { codeclimate, gitlabCodeclimate } from './code-climate.ts';
import type { LintStyle } from './finding.ts';
import { github } from './github.ts';
import { gnu } from './gnu.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { sarif } from './sarif.ts';
import { sonarqube } from './sonarqube.ts';

/** The text of a form. */
export type LintForm = (files: readonly LintedFile[], style: LintStyle) => string;

export const LINT_FORMS = {
  json,
  sarif,
  github,
  checkstyle,
  codeclimate,
  gitlab_codeclimate: gitlabCodeclimate,
  gnu,
  junit,
  codacy,
  sonarqube,
} as const satisfies Record<string, LintForm>;
