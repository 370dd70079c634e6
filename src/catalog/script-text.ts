/** What a shell does more with than to part words: where one of these stands, what is appended at the end may go anywhere. */
const beyondWords = /[|<>`$()#\\\n*?]|(?<!&)&(?!&)/

/**
 * The words of the last command of a script, which is what gets the arguments that a package manager appends. Null where the script is more than commands
 * one after the other: then nobody can say where an argument ends up.
 */
export function lastCommand(script: string): string[] | null {
  if (beyondWords.test(script)) return null
  const last = script.split(/&&|;/).at(-1)?.trim() ?? ''
  const words = last.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []
  return words.length ? words.map((word) => word.replace(/["']/g, '')) : null
}
