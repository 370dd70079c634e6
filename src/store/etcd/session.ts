import { Problem, isProblem } from '../../core/problem.ts'
import type { NewSession, Session } from '../../core/session.ts'
import type { EtcdClient } from './client.ts'
import type { Keys } from './keys.ts'
import { readSpans } from './registry.ts'
import { sessionOf } from './rows.ts'
import { remove, under } from './txn.ts'
import { encoded } from './wire.ts'
import type { Entry, Txn, TxnResponse } from './wire.ts'

/**
 * A session as a key with a lease: etcd takes the key away when the lease is not renewed in time, and with it nothing else. After a change of the leader a full
 * TTL begins again, so that a session may be seen as alive for longer than it was, and never shorter.
 */
export class LeasedSession {
  readonly id: string
  readonly #client: EtcdClient
  readonly #key: string
  readonly #lease: string

  private constructor(client: EtcdClient, id: string, key: string, lease: string) {
    this.#client = client
    this.id = id
    this.#key = key
    this.#lease = lease
  }

  /** The session and its key as it is known now. Each step may be done twice: a lease that nobody uses runs out by itself. */
  static async open(
    client: EtcdClient,
    keys: Keys,
    asked: NewSession,
  ): Promise<{ session: LeasedSession; entry: Entry }> {
    const seconds = String(Math.ceil(asked.ttl / 1000))
    const { ID: lease = '' } = await client.read<{ ID?: string }>('/v3/lease/grant', { TTL: seconds })
    const key = keys.session(asked.id)
    const row: Session = { ...asked, beat: null }
    const value = JSON.stringify(row)
    const put = { request_put: { key: encoded(key), value: encoded(value), lease } }
    const txn: Txn = { compare: [], success: [put], failure: [] }
    const { header } = await client.read<TxnResponse>('/v3/kv/txn', txn)
    const modified = Number(header?.revision ?? 0)
    const entry = { key, value, version: 1, created: modified, modified }
    return { session: new LeasedSession(client, asked.id, key, lease), entry }
  }

  async renew(): Promise<void> {
    const path = '/v3/lease/keepalive'
    const { result } = await this.#client.read<{ result?: { TTL?: string } }>(path, { ID: this.#lease })
    // etcd tells of a lease that is gone by a time of 0, which the gateway leaves out.
    if (!Number(result?.TTL ?? 0)) throw new Problem('session-lost', { session: this.id })
  }

  async close(): Promise<void> {
    await this.#client.read('/v3/kv/txn', { compare: [], success: [remove(this.#key)], failure: [] })
    try {
      await this.#client.read('/v3/lease/revoke', { ID: this.#lease })
    } catch (error) {
      // The key is gone, which is what counts; a lease that ran out cannot be revoked, and one that stays runs out.
      if (!isProblem(error)) throw error
    }
  }
}

/** Those whose key is there. */
export async function readSessions(client: EtcdClient, keys: Keys): Promise<readonly Session[]> {
  const { answers } = await readSpans(client, [under(keys.sessions)])
  return (answers[0] ?? []).map(sessionOf)
}
