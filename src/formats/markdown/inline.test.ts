import { expect, test } from 'bun:test'
import { plainText } from './inline.ts'

test.each([
  ['plain words', 'plain words'],
  ['**bold** and *slanted* and ***both***', 'bold and slanted and both'],
  ['__bold__ _slanted_ snake_case_name', 'bold slanted snake_case_name'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['**open', '**open'],
  ['~~gone~~', 'gone'],
  ['`3000`', '3000'],
  ['`` a ` b ``', 'a ` b'],
  ['`open and ``two', '`open and ``two'],
  ['`**no bold**`', '**no bold**'],
  ['[Grafana](http://localhost:3000 "the title")', 'Grafana'],
  ['[a](x(y)z) b', 'a b'],
  ['[**bold** link](x)', 'bold link'],
  ['![logo](logo.png) Nginx', 'logo Nginx'],
  ['[text][label] [alone]', 'text [alone]'],
  ['name[^1]', 'name'],
  ['<http://localhost:3000>', 'http://localhost:3000'],
  ['one<br/>two', 'one two'],
  ['<kbd>x</kbd>', 'x'],
  ['a < b', 'a < b'],
  ['R&D &amp; &lt;x&gt; &#124; &#x7c; &nosuch;', 'R&D & <x> | | &nosuch;'],
  ['&#0; &#xd800;', '\ufffd \ufffd'],
  [String.raw`\*\*x\*\* \[a\](b) \\ \a`, String.raw`**x** [a](b) \ \a`],
  ['☃**x**☃', '☃x☃'],
])('shows %p as %p', (markdown, text) => {
  expect(plainText(markdown)).toBe(text)
})
