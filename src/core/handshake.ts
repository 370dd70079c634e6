/** What a server said. */
export interface Heard {
  readonly bytes: Uint8Array
  /** Of a TLS handshake. */
  readonly certificate: Certificate | null
}

export interface Certificate {
  readonly subject: string
  readonly issuer: string
  /** Host names and addresses that it is for. */
  readonly names: readonly string[]
  /** ISO 8601. */
  readonly until: string | null
  readonly protocol: string | null
}
