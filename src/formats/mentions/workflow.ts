import type { Mention } from '../../core/mention.ts'
import { publishedBy } from './compose.ts'
import { entriesOf, readYaml, valueAt } from './yaml-tree.ts'

/** The published ports of the service containers of a GitHub workflow's jobs. */
export function readWorkflowMentions(text: string): Mention[] {
  return readYaml(text).flatMap((document) =>
    entriesOf(valueAt(document, 'jobs')).flatMap(([, job]) => publishedBy(valueAt(job, 'services'), text, true)),
  )
}
