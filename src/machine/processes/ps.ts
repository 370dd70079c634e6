import { basename } from 'node:path'

/** One process as ps(1) tells of it, on systems without `/proc`. */
export interface PsRow {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly uid: number
  readonly terminal: boolean
  /** Seconds since 1970, as the system tells it: the same at every look. */
  readonly start: number
  /** Empty for a kernel thread; where one argument ends and the next begins is not told. */
  readonly command: string
  readonly name: string
  readonly ended: boolean
}

/** POSIX has all of these but `lstart`, which macOS, the BSDs and Linux share. */
export const psCommand: [string, ...string[]] = ['ps', '-axww', '-o', 'pid=,ppid=,pgid=,uid=,stat=,tty=,lstart=,args=']

/** With `LC_ALL=C` a start is `Wed Nov 25 22:24:05 2026` in local time. Lines that are none are left out. */
export function parsePs(text: string): PsRow[] {
  return text.split('\n').flatMap((line) => {
    const match =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})\s?(.*)$/.exec(line)
    if (!match) return []
    const [, pid, parent, group, uid, state = '', terminal = '', started = '', command = ''] = match
    const [program = ''] = command.split(' ')
    return {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      uid: Number(uid),
      terminal: !/^(\?+|-)$/.test(terminal),
      start: Math.round(Date.parse(started) / 1000),
      command,
      name: basename(program).replace(/:$/, ''),
      ended: state.startsWith('Z'),
    }
  })
}
