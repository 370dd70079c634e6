import { expect, test } from 'bun:test'
import { parsePasswd, userName } from './users.ts'

test('reads names, the first of several for one number, and leaves out what is no user', () => {
  const text =
    'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n\n# none\n+::::::\nnis:x: : :\nana:x:1000:1000::/home/ana:\n'
  expect([...parsePasswd(text)]).toEqual([
    [0, 'root'],
    [1000, 'ana'],
  ])
})

test('gives the number of a user without a name', () => {
  expect(userName(3_999_999_999)).toBe('3999999999')
})
