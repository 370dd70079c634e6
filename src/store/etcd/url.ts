import { Problem } from '../../core/problem.ts'

const fileSettings = ['ca', 'cert', 'key'] as const

/** Where a registry on etcd is. */
export interface EtcdUrl {
  /** Base addresses of the members, such as `http://a:2379`. */
  readonly endpoints: readonly string[]
  /** What all keys begin with, ending in a slash: `iza/`. */
  readonly prefix: string
  readonly user: { readonly name: string; readonly password: string } | null
  /** PEM files for TLS: the certificates to trust instead of the system's, and our own certificate with its key. */
  readonly files: Readonly<Partial<Record<(typeof fileSettings)[number], string>>>
  /** The URL as it may be shown: without user and password. */
  readonly place: string
}

/**
 * `etcd://[user:password@]host:port[,host:port...]/prefix`, `etcds://` for TLS, `?ca=/path` for a private authority, `?cert=/path&key=/path` where the
 * cluster wants to see a certificate of ours. User and password are percent-encoded. The port is 2379 where none is given. Throws `store-url-invalid`, whose facts never hold the password.
 */
export function parseEtcdUrl(url: string): EtcdUrl {
  // A password that was not encoded may hold anything, so all before the last @ is left out.
  const shown = url.replace(/^(\w+:\/\/).*@/s, '$1')
  const refuse = (why: string): Problem => new Problem('store-url-invalid', { url: shown, why })
  const parts = /^(etcds?):\/\/(?:([^/]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(url)
  if (!parts) throw refuse('it has not the form etcd://host:2379,host:2379/prefix')
  const [, scheme = '', secrets, hosts = '', path = '', query = ''] = parts
  const prefix = path.replace(/^\/+|\/+$/g, '')
  if (prefix === '') throw refuse('a prefix for the keys is missing, such as /iza')
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(prefix)) {
    throw refuse('the prefix may hold letters, digits, dots, dashes and single slashes')
  }
  const endpoints = hosts.split(',').map((host) => {
    const endpoint = endpointOf(host)
    if (endpoint === null) throw refuse(host === '' ? 'a host is missing' : `${host} is not a host with a port`)
    return `${scheme === 'etcds' ? 'https' : 'http'}://${endpoint}`
  })
  return {
    endpoints,
    prefix: `${prefix}/`,
    user: userOf(secrets, refuse),
    files: filesOf(scheme, query, refuse),
    place: shown,
  }
}

/** `host:port` with the port filled in, null where it is neither a name, an IPv4 address nor an IPv6 address in brackets. */
function endpointOf(text: string): string | null {
  const parts = /^([\w.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(text)
  if (!parts) return null
  const [, host = '', port = '2379'] = parts
  return Number(port) >= 1 && Number(port) <= 65_535 ? `${host}:${port}` : null
}

function userOf(secrets: string | undefined, refuse: (why: string) => Problem): EtcdUrl['user'] {
  if (secrets === undefined) return null
  const [name = '', password, ...more] = secrets.split(':')
  if (name === '' || password === undefined || more.length) {
    throw refuse('before the @ stands user:password, both percent-encoded')
  }
  try {
    return { name: decodeURIComponent(name), password: decodeURIComponent(password) }
  } catch {
    throw refuse('the percent encoding of user or password is broken')
  }
}

function filesOf(scheme: string, query: string, refuse: (why: string) => Problem): EtcdUrl['files'] {
  const settings = [...new URLSearchParams(query)]
  const files: Partial<Record<(typeof fileSettings)[number], string>> = {}
  for (const [name, path] of settings) {
    const setting = fileSettings.find((one) => one === name)
    if (!setting) throw refuse(`${name} is not a setting; there are ca, cert and key`)
    if (path === '') throw refuse(`${name} names no file`)
    files[setting] = path
  }
  if (settings.length && scheme === 'etcd') throw refuse('certificates are for etcds://')
  if ((files.cert === undefined) !== (files.key === undefined)) throw refuse('cert and key belong together')
  return files
}
