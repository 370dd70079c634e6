/** Which file of another program the name is one of: files that say how services are started. Null for any other. */
export function recipeSourceOf(path: string): 'procfile' | 'package' | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/^procfile(\..+)?$|\.procfile$/i.test(name)) return 'procfile'
  return name === 'package.json' ? 'package' : null
}
