import type { Screen } from '../terminal.ts'
import { showBackup, showPut } from './backup.ts'
import { showServiceInstall, showServiceStatus, showServiceUninstall } from './boot-service.ts'
import { showChange, showRangeChange } from './change.ts'
import { showCheck } from './check.ts'
import { showClaimed, showClaims, showEnv, showGarbage } from './claims.ts'
import { showCompose } from './compose.ts'
import { showComposeCheck } from './compose-check.ts'
import { showEvents, showHistory } from './history.ts'
import { showDrift } from './drift.ts'
import { showImport } from './import.ts'
import { showKill } from './kill.ts'
import { showList } from './list.ts'
import { showRanges } from './ranges.ts'
import { showResolve } from './resolve.ts'
import { showAccept, showRules, showRuleSet } from './rules.ts'
import { showLogs, showStart, showStop } from './runs.ts'
import { showDown, showEdit, showPs, showUp, showWait } from './services.ts'
import { showStatus } from './status.ts'
import { showUndo } from './undo.ts'
import { showWho } from './who.ts'

// Each renderer takes its own operation's output. The table below pairs them by name, which the compiler cannot check across the operations table;
// `test/faces.test.ts` runs every pair.
type Renderer = (output: never, screen: Screen) => string

const renderers: Readonly<Record<string, Renderer>> = {
  status: showStatus,
  who: showWho,
  watch: showEvents,
  history: showHistory,
  list: showList,
  ranges: showRanges,
  reserve: showChange,
  release: showChange,
  move: showChange,
  'range add': showRangeChange,
  'range edit': showRangeChange,
  'range remove': showRangeChange,
  claim: showClaimed,
  claims: showClaims,
  env: showEnv,
  gc: showGarbage,
  token: ({ token }: { token: string }) => `${token}\n`,
  backup: showBackup,
  restore: showPut,
  'store copy': showPut,
  // What it wrote is its answer.
  run: () => '',
  start: showStart,
  up: showUp,
  down: showDown,
  restart: showStart,
  // It tells each event as it happens, see `cli/serve.ts`.
  serve: () => '',
  'service install': showServiceInstall,
  'service status': showServiceStatus,
  'service uninstall': showServiceUninstall,
  ps: showPs,
  edit: showEdit,
  wait: showWait,
  stop: showStop,
  kill: showKill,
  logs: showLogs,
  check: showCheck,
  resolve: showResolve,
  undo: showUndo,
  rules: showRules,
  'rule set': showRuleSet,
  accept: showAccept,
  drift: showDrift,
  compose: showCompose,
  'compose check': showComposeCheck,
  import: showImport,
  export: ({ file, text }: { file: string | null; text: string }) => (file === null ? text : `Written to ${file}\n`),
}

/** The operation's answer in words for a person. */
export function show(operation: string, output: unknown, screen: Screen): string {
  const renderer = renderers[operation]
  if (!renderer) throw new Error(`no words for the answer of ${operation}`)
  return renderer(output as never, screen)
}
