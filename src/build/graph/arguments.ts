// ARG inside a stage. A build argument wins over the default, the default over a global ARG of the name; without
// any of them the name is declared and stays unset.

import type { ArgDeclaration, ArgInstruction } from '../../lang/dockerfile/index.ts';
import { buildArg } from './global-scope.ts';
import { addHistory, expand, historyEntry, type Scope } from './scope.ts';
import type { DeclaredArgument } from './stage-state.ts';

/** Arguments of BuildKit's own that never become variables of RUN. */
const NOT_IN_ENVIRONMENT = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

/** Declares the arguments of one line. Unlike ENV, a later one on the line sees the earlier ones. */
export function declareArguments(scope: Scope, instruction: ArgInstruction): void {
  const texts: string[] = [];
  for (const declaration of instruction.args) {
    const name = declaration.name.text;
    const value = argumentValue(scope, declaration);
    const declared: DeclaredArgument = { name, ...(value === undefined ? {} : { value }) };
    const visible = value !== undefined && !NOT_IN_ENVIRONMENT.has(name);
    scope.state = {
      ...scope.state,
      args: [...scope.state.args, declared],
      environment: visible
        ? scope.state.environment.with({ name, value, origin: 'argument' })
        : scope.state.environment,
    };
    texts.push(value === undefined ? name : `${name}=${value}`);
  }
  addHistory(scope, { ...historyEntry(`ARG ${texts.join(' ')}`), empty_layer: true });
}

function argumentValue(scope: Scope, { name, value }: ArgDeclaration): string | undefined {
  const given = buildArg(scope.plan.buildArgs, name.text);
  if (given !== undefined) return given;
  if (!value) return scope.plan.globalArgs.get(name.text);
  return expand(scope, value);
}
