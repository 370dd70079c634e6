/** What the path of a control group tells of the processes in it. */
export interface Place {
  /** The systemd service, with its ending: `nginx.service`. Null for what a person started, and where there is no systemd. */
  readonly unit: string | null
  /** The service belongs to a user's own systemd: `systemctl --user` speaks to it. */
  readonly ofUser: boolean
  /** The id of the container, 64 hexadecimal digits. */
  readonly container: string | null
}

export const nowhere: Place = { unit: null, ofUser: false, container: null }

/**
 * Reads a path such as `/system.slice/nginx.service` (systemd.slice(5), CGROUP_INTERFACE of systemd.io), `/system.slice/docker-ID.scope`, `/docker/ID`,
 * `/machine.slice/libpod-ID.scope` or `/kubepods/podX/ID`. The innermost name decides. A scope is no service: whoever made it cannot be asked to restart it.
 * Nor is one of ours: what the supervisor keeps up stands in its unit and neither ends nor comes back with it, and a run that is a unit is a run first.
 */
export function placeOf(path: string): Place {
  if (path === '') return nowhere
  const names = path.split('/')
  const containers = names.flatMap((name) => containerName.exec(name)?.[1] ?? [])
  const services = names.filter((name) => name.endsWith('.service') && !usersManager.test(name) && !ours.test(name))
  return {
    unit: containers.length ? null : (services.at(-1) ?? null),
    ofUser: names.some((name) => usersManager.test(name)),
    container: containers.at(-1) ?? null,
  }
}

const containerName = /^(?:[a-z][a-z-]*-)?([0-9a-f]{64})(?:\.scope)?$/
/** The unit that a run is started as. */
export function runUnit(id: string): string {
  return `iza-ports-run-${id.replaceAll('-', '')}.service`
}

/** Our supervisor's, and those that runs are started as: a run is ended as a run. */
const ours = /^iza-ports(-run-[0-9a-f]+)?\.service$/
const usersManager = /^user@\d+\.service$/

/**
 * The telling path in the text of `/proc/PID/cgroup` (cgroups(7)): a line for each hierarchy, `0::PATH` for the unified one. Where version 1 is still mounted
 * beside it the unified line may say nothing.
 */
export function cgroupPath(text: string): string | null {
  const rows = [...text.matchAll(/^\d+:([^:]*):(\/.*)$/gm)].map(([, name = '', path = '']) => ({ name, path }))
  const unified = rows.find(({ name }) => name === '')
  const telling = [unified, rows.find(({ name }) => name === 'name=systemd'), ...rows].filter(
    (row) => row !== undefined,
  )
  const best = telling.find(({ path }) => placeOf(path).container ?? placeOf(path).unit) ?? telling[0]
  return best?.path ?? null
}
