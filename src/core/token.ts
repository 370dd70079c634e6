/** A secret of an owner: who has it may release the owner's claims. */
export interface Token {
  /** Never printed unless asked for, never given to a store. */
  readonly text: string
  /** What the registry knows of it; the text cannot be found from it. */
  readonly hash: string
}
