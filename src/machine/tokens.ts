import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../core/problem.ts'
import type { Token } from '../core/token.ts'
import type { Tokens } from '../operations/world.ts'
import { errorCode } from './error-code.ts'

/** 256 bits as base64url: nothing that could be guessed, and one word to copy. */
const bytes = 32
const shape = /^[\w-]{43}$/

/**
 * Tokens as files of a folder, each readable by this user alone and named by the hash of its owner, because an owner may be a path. They lie in our data
 * folder and not in the workspace, where they would be committed, copied into a worktree or mounted into a container.
 */
export function localTokens(folder: string): Tokens {
  const pathOf = (owner: string): string => join(folder, hash(owner))
  return {
    async keep(owner) {
      return readToken(pathOf(owner)) ?? makeToken(folder, pathOf(owner))
    },
    async find(owner) {
      return readToken(pathOf(owner))
    },
    read,
  }
}

function read(text: string): Token {
  if (!shape.test(text)) {
    throw new Problem('token-invalid', { why: `it is not ${Math.ceil((bytes * 4) / 3)} letters, digits, - and _` })
  }
  return { text, hash: hash(text) }
}

/** 16 hexadecimal digits of the SHA-256 of a text. */
export function fingerprint(text: string): string {
  return hash(text).slice(0, 16)
}

function hash(text: string): string {
  return new Bun.CryptoHasher('sha256').update(text).digest('hex')
}

/** Null where there is none. Throws `file-unreadable`, also where others can read it: it is no secret then. */
function readToken(path: string): Token | null {
  try {
    const text = readFileSync(path, 'latin1')
    if (statSync(path).mode & 0o077) {
      throw new Problem('file-unreadable', { path, why: 'others may read or change it, so it proves nothing' })
    }
    if (!shape.test(text.trim())) throw new Problem('file-unreadable', { path, why: 'it holds no token' })
    return read(text.trim())
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    if (error instanceof Problem) throw error
    throw new Problem('file-unreadable', { path, why: errorCode(error) ?? String(error) })
  }
}

/** Made under another name and linked to its own: of several programs that claim at once for one owner, all get the token of the first. */
function makeToken(folder: string, path: string): Token {
  const text = Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url')
  const draft = join(folder, `.${crypto.randomUUID()}`)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const descriptor = openSync(draft, 'wx', 0o600)
    try {
      writeSync(descriptor, `${text}\n`)
      // The claim survives a power cut, and so has what releases it.
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    linkSync(draft, path)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST')
      throw new Problem('file-unwritable', { path, why: errorCode(error) ?? String(error) })
  } finally {
    rmSync(draft, { force: true })
  }
  const made = readToken(path)
  if (!made) throw new Problem('file-unreadable', { path, why: 'it holds no token' })
  return made
}
