/** Letters of other scripts that look like Latin ones, beside those that lose their marks in decomposition (Unicode TR 39 has the whole table). */
const twins: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  ѕ: 's',
  α: 'a',
  ο: 'o',
  ρ: 'p',
  ν: 'v',
  ı: 'i',
}

const plain = /^[a-z0-9]*$/

/** What is left of a name for a hurried reader: letters and digits alone, without case, marks and spaces. Equal for names that look alike. */
export function skeleton(name: string): string {
  const bare = name.toLowerCase().replace(/[\s._/@()[\]-]+/g, '')
  if (plain.test(bare)) return bare
  const decomposed = bare.normalize('NFKD').replace(/\p{M}|[^\p{L}\p{N}]/gu, '')
  return Array.from(decomposed, (letter) => twins[letter] ?? letter).join('')
}
