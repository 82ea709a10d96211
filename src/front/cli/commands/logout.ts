// `mille logout`.

import { oneLine } from '../../report/index.ts';
import { command } from '../spec.ts';

export const logout = command({
  name: 'logout',
  summary: 'Forget the login for a registry',
  usage: '[REGISTRY]',
  description: [
    "Without REGISTRY it is Docker's own. What is in Docker's config.json, or with the credential helper named there, is removed. Logins of podman and skopeo are left alone, and told of.",
  ],
  flags: {},
  arguments: { least: 0, most: 1 },
  docker: { command: 'logout', unsupported: [] },
  examples: [{ text: 'from a registry of your own', command: 'mille logout registry.example:5000' }],
  async run({ args }, host) {
    const app = await host.app();
    const { registry, from, remaining } = await app.logout(args[0]);
    if (from) host.out(`Removing login credentials for ${registry}\n`);
    else host.out(`Not logged in to ${registry}\n`);
    for (const place of remaining) {
      const how = place === 'DOCKER_AUTH_CONFIG' ? 'unset it' : `'skopeo logout ${registry}' removes that`;
      host.err(`warning: there is still a login for ${registry} in ${oneLine(place)}: ${how}\n`);
    }
    return 0;
  },
});
