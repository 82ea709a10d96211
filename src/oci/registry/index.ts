// Room `oci/registry`: images of registries (OCI distribution spec 1.1, Docker's schema 2), with the user's own logins.
// It finds, chooses, streams, sends and bounds; it keeps nothing and knows no store. A login reaches the registry that it
// belongs to and the token server which that one names, and never a redirection, a message or a log.

export type { RegistryAccess } from './access.ts';
export { hostCertificates } from './certificates.ts';
export { type CheckedLogin, checkLogin } from './check-login.ts';
export { checkedBlob, readConfig } from './checked-blob.ts';
export {
  type Credentials,
  dockerCredentials,
  type FindCredentials,
  type LoginSource,
  loginSources,
} from './credentials.ts';
export { type HubAccess, hubBase } from './hub/ask.ts';
export { type Found, type SearchAnswer, searchHub } from './hub/search.ts';
export { type HubImage, type HubTag, type HubTags, hubTags } from './hub/tags.ts';
export { forgetLogin, keepLogin, type LoginPlace } from './keep-login.ts';
export { listCatalogue, listTags, type NameList } from './listing.ts';
export { joinMirrors, type Mirror, type Mirrors, parseMirror } from './mirror.ts';
export { DOCKER_HUB, parseServer, registryName } from './registry-name.ts';
export { openRemote, type RemoteImage, type RemoteReference } from './remote-image.ts';
export {
  openRepository,
  type RemoteDocument,
  type Repository,
  type RepositoryOptions,
} from './repository.ts';
export type { BlobToMake, BlobToSend, Made, SendOptions, Sent } from './upload.ts';
