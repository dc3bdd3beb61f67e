export { digestContacts, digestOf } from './digest-contacts.ts';
export { DIRECTORY, directoryProjection, type DigestContacts } from './directory.projection.ts';
export { STANDINGS, type DirectoryTables, type PersonRow, type RecoveryReadiness } from './tables.ts';
