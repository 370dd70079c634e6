import { hintObstacle, sayObstacle } from '../../core/obstacle-explain.ts'
import { count, printable } from '../../core/text.ts'
import type { ComposeCheck } from '../../operations/compose-check.ts'
import { noticeLines } from './compose-notices.ts'

type ShownObstacle = ComposeCheck['obstacles'][number]

export function showComposeCheck({
  project,
  ports,
  obstacles,
  elsewhere,
  notices,
  refusal,
  engine,
}: ComposeCheck): string {
  const lines = [
    ...obstacles.flatMap((one) => [`${placeOf(one)}${sayObstacle(one)}`, `  ${hintObstacle(one)}`]),
    ...elsewhere.map(
      ({ service, registered, port, instead }) =>
        `${service}: nobody is in the way of ${port}, but ${registered} has ${instead} in the registry: 'ports compose' moves it there.`,
    ),
    ...noticeLines(notices, refusal),
    ...(engine ? [] : ['No engine answered, so containers were seen by their listeners only.']),
    obstacles.length || refusal !== null
      ? `${project} would not start as it is: ${count(obstacles.length, 'obstacle')}.`
      : `${project} would get ${ports === 1 ? 'its port' : `all its ${ports} ports`}.`,
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

function placeOf({ file, line }: ShownObstacle): string {
  return line > 0 ? `${file}:${line}: ` : ''
}
