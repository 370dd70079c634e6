import { readFileSync } from 'node:fs'

let names: Map<number, string> | undefined

/** The user's name from `/etc/passwd` (passwd(5)), read once; the number as text where it stands there under no name. */
export function userName(uid: number): string {
  names ??= parsePasswd(readPasswd())
  return names.get(uid) ?? String(uid)
}

/** The first name of each number, as the C library looks it up. */
export function parsePasswd(text: string): Map<number, string> {
  const found = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':')
    const number = Number(uid)
    if (name !== '' && uid === String(number) && !found.has(number)) found.set(number, name)
  }
  return found
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8')
  } catch {
    return ''
  }
}
