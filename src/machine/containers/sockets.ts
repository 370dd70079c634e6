import { realpathSync, statSync } from 'node:fs'

/**
 * The engines' sockets that are on this machine, each once. `DOCKER_HOST` and `CONTAINER_HOST` name one instead of the usual places of Docker and Podman; an address
 * that is no unix socket leads to another machine, whose ports are not ours, and then the usual places count.
 */
export function engineSockets(environment: Readonly<Record<string, string | undefined>>): string[] {
  const runtime = environment['XDG_RUNTIME_DIR']
  const docker = unixSocket(environment['DOCKER_HOST'])
  const podman = unixSocket(environment['CONTAINER_HOST'])
  const places = [
    ...(docker ? [docker] : ['/var/run/docker.sock', ...(runtime ? [`${runtime}/docker.sock`] : [])]),
    ...(podman ? [podman] : ['/run/podman/podman.sock', ...(runtime ? [`${runtime}/podman/podman.sock`] : [])]),
  ]
  return [...new Set(places.flatMap((place) => realSocket(place) ?? []))]
}

function unixSocket(address: string | undefined): string | null {
  return address?.startsWith('unix:///') ? address.slice('unix://'.length) : null
}

function realSocket(path: string): string | null {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isSocket() ? realpathSync(path) : null
  } catch {
    return null
  }
}
