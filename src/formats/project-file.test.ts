import { expect, test } from 'bun:test'
import { mainCheckoutOf, parseGitFile, parseHead } from './git-files.ts'
import { projectName } from './project-file.ts'

test.each([
  ['package.json', '{"name": "@shop/web", "scripts": {}}', '@shop/web'],
  ['package.json', '{"private": true}', null],
  ['package.json', '{"name": ["x"]}', null],
  ['package.json', 'null', null],
  ['package.json', '{"name": "cut off', null],
  ['pyproject.toml', '[build-system]\nname = "no"\n[project]\nversion = "1"\nname = "api" # here\n', 'api'],
  ['pyproject.toml', "[tool.poetry]\nname = 'old'\n", 'old'],
  ['pyproject.toml', '[tool.other]\nname = "no"\n', null],
  ['Cargo.toml', '[package]\nname = "proxy"\n[[bin]]\nname = "no"\n', 'proxy'],
  ['Cargo.toml', '[[bin]]\nname = "no"\n', null],
  ['go.mod', '// a comment\nmodule example.com/shop/api\n\ngo 1.25\n', 'example.com/shop/api'],
  ['compose.yaml', 'name: shop # the project\nservices:\n  web:\n    name: no\n', 'shop'],
  ['docker-compose.yml', 'services:\n  name: {}\n', null],
])('%s: %s', (file, text, name) => {
  expect(projectName(file, text)).toBe(name)
})

test('a head is a branch, or a commit without one', () => {
  expect(parseHead('ref: refs/heads/feature/cart\n')).toEqual({ branch: 'feature/cart' })
  expect(parseHead(`${'ab'.repeat(20)}\n`)).toEqual({ commit: 'abababababab' })
  expect(parseHead('ref: refs/remotes/x\n')).toBeNull()
  expect(parseHead('')).toBeNull()
})

test('the file of a worktree leads to its main checkout, that of a submodule does not', () => {
  expect(parseGitFile('gitdir: /shop/.git/worktrees/cart\n')).toBe('/shop/.git/worktrees/cart')
  expect(parseGitFile('nothing')).toBeNull()
  expect(mainCheckoutOf('/shop/.git/worktrees/cart')).toBe('/shop')
  expect(mainCheckoutOf('/shop/.git/modules/library')).toBeNull()
})
