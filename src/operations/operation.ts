import type * as z from '../formats/zod.ts'
import type { World } from './world.ts'

/** Who asked, from where, and how to talk to them while it lasts. */
export interface Call {
  /** The folder that relative paths and started commands belong to. */
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  /** Aborted when the caller gave up: what has begun is ended or taken back. */
  readonly signal: AbortSignal
  /** One line about what is being waited for. Never data: that is the result. */
  progress(line: string): void
  /** Shows the text and asks whether to go on. Not there where nobody can answer: then the input has to say it. */
  readonly confirm?: (text: string) => Promise<boolean>
  /** Something that the caller should know although nothing failed; said before the answer. A face that shows nothing while it works leaves it out. */
  warn?(line: string): void
}

/**
 * Something that the product can do, for every face at once: the command line, its help, and later HTTP and agents read the same value.
 *
 * `effect` says what a caller risks: `read` changes nothing, `write` changes the registry or starts something, `destructive` ends processes.
 * There is no default: an operation that does not say is not an operation.
 */
export interface Operation<
  Input extends z.ZodMiniObject = z.ZodMiniObject,
  Output extends z.ZodMiniType = z.ZodMiniType,
> {
  /** The words that name it: `kill`, `range add`. */
  readonly name: string
  /** One sentence, capital letter, full stop. */
  readonly summary: string
  readonly effect: 'read' | 'write' | 'destructive'
  /** The keys of `input` that stand by their place on a command line, in order; the last one takes the rest when it is a list. */
  readonly positional: readonly string[]
  /** Complete commands, the first one the most usual. */
  readonly examples: readonly string[]
  readonly input: Input
  readonly output: Output
  /** Whether the answer is "no": exit code 1, though nothing failed. */
  readonly isNo?: (output: z.output<Output>) => boolean
  /** The exit code, where it is somebody else's: that of a command that was run. */
  readonly exitCode?: (output: z.output<Output>) => number
  run(world: World, input: z.output<Input>, call: Call): Promise<z.output<Output>>
}

/** Keeps the types of an operation's schemas while it is written down. */
export function operation<Input extends z.ZodMiniObject, Output extends z.ZodMiniType>(
  definition: Operation<Input, Output>,
): Operation<Input, Output> {
  return definition
}
