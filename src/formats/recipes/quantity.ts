/** Seconds of a span as Compose writes them (`1m30s`, `500ms`, `2h`), or of a plain number of seconds. Null where it is neither. */
export function secondsOf(text: string): number | null {
  if (/^\d{1,9}(\.\d{1,3})?$/.test(text)) return Number(text)
  if (!/^(\d{1,9}(\.\d{1,3})?(ms|s|m|h))+$/.test(text)) return null
  let seconds = 0
  for (const [, number = '', , unit = ''] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g))
    seconds += Number(number) * (secondsIn[unit] ?? 0)
  return seconds
}

const secondsIn: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** Bytes of a size as Compose writes them (`512m`, `1.5gb`, `64k`), powers of 1024. Null where it is none. */
export function bytesOf(text: string): number | null {
  const [, number = '', , unit = ''] = /^(\d{1,12}(\.\d{1,3})?)([kmgt]?)b?$/i.exec(text) ?? []
  if (number === '') return null
  return Math.round(Number(number) * 1024 ** (unit === '' ? 0 : 'kmgt'.indexOf(unit.toLowerCase()) + 1))
}
