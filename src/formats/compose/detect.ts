/** Whether a YAML text is meant as a compose file: it has what such a file begins with, and not the `schema` of an exported registry. */
export function looksLikeCompose(text: string): boolean {
  return /^["']?(services|include)["']?[ \t]*:/m.test(text) && !/^["']?schema["']?[ \t]*:/m.test(text)
}
