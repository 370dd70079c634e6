/** What becomes of one request: handed on, or answered with something else; `reaches` says whether etcd gets it all the same. */
export type Treatment = 'pass' | { readonly status: number; readonly body: string; readonly reaches: boolean }

export interface Gateway {
  /** What stands in an address: host and port. */
  readonly host: string
  readonly dispose: () => Promise<void>
}

/** Something that speaks HTTP in front of one member, as a load balancer does, and may answer for it. */
export function startGateway(endpoint: string, treat: (body: string) => Treatment | Promise<Treatment>): Gateway {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      const body = await request.text()
      const treatment = await treat(body)
      const forward = (): Promise<Response> => fetch(endpoint + pathname, { method: 'POST', body })
      if (treatment === 'pass') {
        const answer = await forward()
        return new Response(await answer.text(), { status: answer.status })
      }
      if (treatment.reaches) await (await forward()).text()
      return new Response(treatment.body, { status: treatment.status })
    },
  })
  return { host: `127.0.0.1:${server.port}`, dispose: () => server.stop(true) }
}
