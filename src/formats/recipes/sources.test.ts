import { describe, expect, test } from 'bun:test'
import { isProblem } from '../../core/problem.ts'
import { recipeSourceOf } from './detect.ts'
import { pnpmWorkspaces, readPackageFile } from './package-scripts.ts'
import { readProcfile } from './procfile.ts'

describe('a Procfile', () => {
  test('is read line by line, and what is no process type is told', () => {
    const text = '\ufeff# all\r\nweb: puma -p $PORT\r\n\r\n  my-worker_2:run me: now\nweb: again\nnothing\nempty:\n'
    expect(readProcfile(text)).toEqual({
      types: [
        { line: 2, name: 'web', command: 'puma -p $PORT' },
        { line: 4, name: 'my-worker_2', command: 'run me: now' },
      ],
      unread: [
        { line: 5, text: 'web: again', why: 'line 2 has a web already' },
        { line: 6, text: 'nothing', why: "it is no 'name: command'" },
        { line: 7, text: 'empty:', why: 'it has no command' },
      ],
    })
  })

  test('is known by its name, and so is a package.json', () => {
    const names = [
      'Procfile',
      'a/Procfile.dev',
      'x.procfile',
      'b/package.json',
      'package-lock.json',
      'Procfiles',
      'a.md',
    ]
    expect(names.map(recipeSourceOf)).toEqual(['procfile', 'procfile', 'procfile', 'package', null, null, null])
  })
})

describe('a package.json', () => {
  test('gives its scripts with their lines, its workspaces and its package manager', () => {
    const text = `{ // kept by hand
  "name": "@acme/web", "packageManager": "pnpm@9.1.0",
  "workspaces": { "packages": ["apps/*", 7] },
  "scripts": {
    "dev": "vite",
    "odd": 1,
    "build": "vite build",
  }
}`
    expect(readPackageFile(text, 'package.json')).toEqual({
      name: 'web',
      manager: 'pnpm',
      workspaces: ['apps/*'],
      scripts: [
        { line: 5, name: 'dev', text: 'vite' },
        { line: 7, name: 'build', text: 'vite build' },
      ],
    })
    expect(readPackageFile('{"workspaces":["a"]}', 'x')).toEqual({
      name: null,
      manager: null,
      workspaces: ['a'],
      scripts: [],
    })
  })

  test.each([
    ['{\n  "scripts": {\n    "dev" "vite"\n  }\n}', 'package.json:3: colon expected'],
    ['[]', 'package.json:1: it is no JSON object'],
    ['\n', 'package.json:1: it is no JSON object'],
  ])('that is none is told with its line: %#', (text, words) => {
    try {
      readPackageFile(text, 'package.json')
      throw new Error('it was read')
    } catch (error) {
      expect(isProblem(error, 'recipe-source-invalid') && error.message).toBe(words)
    }
  })

  test('of pnpm has its workspaces beside it', () => {
    expect(pnpmWorkspaces('packages:\n  - "apps/*"\n  # old\n  - libs/**\n  - \'!libs/x\'\ncatalog: {}\n')).toEqual([
      'apps/*',
      'libs/**',
      '!libs/x',
    ])
    expect(['', 'packages: no', 'packages: [', 'a: &a [*a]'].map(pnpmWorkspaces)).toEqual([[], [], [], []])
  })
})
