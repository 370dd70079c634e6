/** What the story of a port asks for, loaded in one go. */
export { cgroupOf } from './cgroups.ts'
export { socketsOf } from './listeners/sockets-of.ts'
export { readConnections } from './connections.ts'
export { readNamespaces } from './namespaces.ts'
export { readLineage } from './processes/table.ts'
export { usageOf } from './processes/usage.ts'
