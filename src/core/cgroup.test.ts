import { expect, test } from 'bun:test'
import { cgroupPath, placeOf } from './cgroup.ts'

const id = 'c0ffee'.padEnd(64, '0')

test.each([
  ['/system.slice/nginx.service', 'nginx.service', false, null],
  ['/system.slice/system-postgresql.slice/postgresql@15-main.service', 'postgresql@15-main.service', false, null],
  ['/user.slice/user-1000.slice/user@1000.service/app.slice/vite.service', 'vite.service', true, null],
  ['/user.slice/user-1000.slice/user@1000.service/init.scope', null, true, null],
  ['/user.slice/user-1000.slice/user@1000.service/app.slice/iza-ports.service', null, true, null],
  ['/user.slice/user-1000.slice/session-3.scope', null, false, null],
  [`/system.slice/docker-${id}.scope`, null, false, id],
  [`/docker/${id}`, null, false, id],
  [`/system.slice/docker.service/docker/${id}`, null, false, id],
  [`/machine.slice/libpod-${id}.scope/container`, null, false, id],
  [`/kubepods/besteffort/pod1b2c/${id}`, null, false, id],
  [`/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`, null, false, id],
  [`/system.slice/docker-${id}0.scope`, null, false, null],
  ['/', null, false, null],
])('%s', (path, unit, ofUser, container) => {
  expect(placeOf(path)).toEqual({ unit, ofUser, container })
})

test('the unified line is read, and another one where version 1 is mounted beside it and says more', () => {
  expect(cgroupPath('0::/system.slice/nginx.service\n')).toBe('/system.slice/nginx.service')
  expect(cgroupPath(`9:name=systemd:/\n4:memory:/docker/${id}\n0::/\n`)).toBe(`/docker/${id}`)
  expect(cgroupPath('4:memory:/job/1\n0::/\n')).toBe('/')
  expect(cgroupPath('4:memory:/job/1\n')).toBe('/job/1')
  expect(cgroupPath('')).toBeNull()
  expect(cgroupPath('garbage\n\0\n')).toBeNull()
})
