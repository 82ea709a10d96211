// What the parts of an open store share: its places, its database, its area for things in the making, and who relies
// on what.

import type { SqlDatabase } from '../../sys/index.ts';
import type { Budget } from './budget.ts';
import type { Claims } from './claims.ts';
import type { StorePaths } from './layout.ts';
import type { Privilege } from './schema.ts';
import type { Workspace } from './workspace.ts';

/** An open store as its parts see it. */
export interface Place {
  readonly paths: StorePaths;
  readonly privilege: Privilege;
  readonly db: SqlDatabase;
  readonly workspace: Workspace;
  readonly claims: Claims;
  readonly budget: Budget;
}
