// What the parts of an open store share: its places, its database and its area for things in the making.

import type { SqlDatabase } from '../../sys/index.ts';
import type { StorePaths } from './layout.ts';
import type { Privilege } from './schema.ts';
import type { Workspace } from './workspace.ts';

/** An open store as its parts see it. */
export interface Place {
  readonly paths: StorePaths;
  readonly privilege: Privilege;
  readonly db: SqlDatabase;
  readonly workspace: Workspace;
}
