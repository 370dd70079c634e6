import type { Compose } from '../../operations/compose.ts'

/** What works and is likely not meant, a line each. Not made printable: the caller does that. */
export function noticeLines(notices: Compose['notices'], refusal: string | null): string[] {
  return [
    ...notices.map((notice) => `${notice.file}:${notice.line}:${notice.column}: ${wordsOf(notice)}`),
    ...(refusal === null ? [] : [`Compose itself refuses the project: ${refusal}`]),
  ]
}

function wordsOf({ what, text }: Compose['notices'][number]): string {
  switch (what) {
    case 'unset':
      return `the variable ${text} has no value and no default, so nothing stands there`
    case 'sexagesimal':
      return `${text} without quotes is a number of base 60 for Compose 1: put it in quotes`
    case 'host-network':
      return `${text} uses the network of the host, so its ports are not published: what it listens on is not known here`
  }
}
