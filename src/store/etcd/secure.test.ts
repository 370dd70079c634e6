import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../test/free-port.fixture.ts'
import { commit, problemOf, putService } from '../contract/changes.ts'
import { openEtcdStore } from '../etcd.ts'
import { binaries, waitFor } from './etcd.fixture.ts'

setDefaultTimeout(60_000)

/** Two authorities, and what the first one signed: a server at 127.0.0.1, and a client. */
function makeCertificates(folder: string): void {
  const openssl = (...words: string[]): void => {
    const { exitCode, stderr } = Bun.spawnSync(['openssl', ...words], { cwd: folder, stderr: 'pipe' })
    if (exitCode !== 0) throw new Error(stderr.toString())
  }
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  for (const name of ['ca', 'other'])
    openssl('req', '-x509', ...key, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`)
  for (const name of ['server', 'client']) {
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${name === 'server' ? 'IP:127.0.0.1' : 'DNS:client'}\n`)
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`]
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed)
  }
}

for (const { name, path } of binaries) {
  describe.skipIf(path === null).each([false, true])(
    `${name} with TLS, certificates of clients wanted: %p`,
    (wanted) => {
      const folder = mkdtempSync(join(tmpdir(), 'iza-ports-tls-'))
      const port = freePort()
      let server: Bun.Subprocess
      const at = (file: string): string => join(folder, file)
      const ours = wanted ? `&cert=${at('client.pem')}&key=${at('client.key')}` : ''
      const open = (query: string, host = '127.0.0.1', scheme = 'etcds') =>
        openEtcdStore(`${scheme}://${host}:${port}/team${query}`)

      beforeAll(async () => {
        makeCertificates(folder)
        const [url, peer] = [`https://127.0.0.1:${port}`, `http://127.0.0.1:${freePort()}`]
        const files = ['--cert-file', at('server.pem'), '--key-file', at('server.key')]
        const proof = wanted ? ['--client-cert-auth', '--trusted-ca-file', at('ca.pem')] : []
        server = Bun.spawn(
          [path ?? '', '--data-dir', at('data'), '--listen-client-urls', url, '--advertise-client-urls', url]
            .concat(['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer])
            .concat(['--initial-cluster', `default=${peer}`, ...files, ...proof]),
          { stdio: ['ignore', 'ignore', Bun.file(at('log'))] },
        )
        const store = open(`?ca=${at('ca.pem')}${ours}`)
        await waitFor(async () => {
          if (server.exitCode !== null) throw new Error(await Bun.file(at('log')).text())
          return await store.read().then(
            () => true,
            () => false,
          )
        })
        await store.close()
      })
      afterAll(async () => {
        server.kill('SIGKILL')
        await server.exited
        rmSync(folder, { recursive: true, force: true })
      })

      test('commits, reads and watches', async () => {
        const store = open(`?ca=${at('ca.pem')}${ours}`)
        const before = (await store.read()).revision
        await commit(store, putService('A'))
        const abort = new AbortController()
        for await (const event of store.watch(before, abort.signal)) {
          expect(event.revision).toBe(before + 1)
          abort.abort()
        }
        await store.close()
      })

      test.each([
        ['', '127.0.0.1', 'TLS'],
        [`?ca=${at('other.pem')}`, '127.0.0.1', 'TLS'],
        // The certificate is one for 127.0.0.1 alone.
        [`?ca=${at('ca.pem')}`, 'localhost', 'TLS'],
      ])('talks to nobody whom it cannot know: %#', async (query, host, why) => {
        const store = open(query && `${query}${ours}`, host)
        const problem = await problemOf(commit(store, putService('B')))
        expect([problem.code, problem.message]).toEqual(['unavailable', expect.stringContaining(why)])
        await store.close()
      })

      test('talks to no server that speaks otherwise', async () => {
        for (const [store, why] of [
          [open('', '127.0.0.1', 'etcd'), 'cut'],
          ...(wanted ? ([[open(`?ca=${at('ca.pem')}`), '?cert=']] as const) : []),
        ] as const) {
          const problem = await problemOf(commit(store, putService('C')))
          expect([problem.code, problem.message]).toEqual(['unavailable', expect.stringContaining(why)])
          await store.close()
        }
      })

      test('names a file that is not there', async () => {
        const store = open(`?ca=${at('gone.pem')}`)
        const problem = await problemOf(store.read())
        expect([problem.code, problem.message]).toEqual(['file-unreadable', expect.stringContaining('gone.pem')])
        await store.close()
      })
    },
  )
}
