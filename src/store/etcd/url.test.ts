import { describe, expect, test } from 'bun:test'
import { isProblem } from '../../core/problem.ts'
import { parseEtcdUrl } from './url.ts'

describe('an address of a registry on etcd', () => {
  test('names members, prefix, user and password', () => {
    expect(parseEtcdUrl('etcds://k%40im:p%3A%2Fss@a:1,b,[::1]:3/team/iza/?ca=/etc/ca.pem&cert=c&key=k')).toEqual({
      endpoints: ['https://a:1', 'https://b:2379', 'https://[::1]:3'],
      prefix: 'team/iza/',
      user: { name: 'k@im', password: 'p:/ss' },
      files: { ca: '/etc/ca.pem', cert: 'c', key: 'k' },
      place: 'etcds://a:1,b,[::1]:3/team/iza/?ca=/etc/ca.pem&cert=c&key=k',
    })
    expect(parseEtcdUrl('etcd://127.0.0.1:2379/iza')).toMatchObject({
      endpoints: ['http://127.0.0.1:2379'],
      prefix: 'iza/',
      user: null,
    })
  })

  test.each([
    ['etcd://a:2379', 'prefix'],
    ['etcd://a:2379/', 'prefix'],
    ['etcd:///iza', 'a host is missing'],
    ['etcd://a,,b/iza', 'a host is missing'],
    ['etcd://a:0/iza', 'a:0'],
    ['etcd://a:66000/iza', 'a:66000'],
    ['etcd://a b/iza', 'a b'],
    ['etcd://a/i%7a', 'letters'],
    ['etcd://a/x//y', 'single slashes'],
    ['etcd://secret@a/iza', 'user:password'],
    ['etcd://secret:secret:secret@a/iza', 'user:password'],
    ['etcd://%secret:secret@a/iza', 'percent encoding'],
    ['etcd://secret:sec/secret@a/iza', 'prefix'],
    ['etcd://secret:sec#secret@a,/iza', 'a host is missing'],
    ['etcd://secret:sec@secret@a,/iza', 'a host is missing'],
    ['etcds://a/iza?token=x', 'token is not a setting'],
    ['etcds://a/iza?ca=', 'names no file'],
    ['etcds://a/iza?key=k', 'belong together'],
    ['etcd://a/iza?ca=c', 'etcds'],
    ['http://a/iza', 'form'],
    ['etcd:a', 'form'],
  ])('%s is refused for a reason, and shows no secret', (url, why) => {
    try {
      parseEtcdUrl(url)
    } catch (error) {
      if (!isProblem(error, 'store-url-invalid')) throw error
      expect(error.message).toContain(why)
      expect(JSON.stringify(error.report())).not.toContain('secret')
      return
    }
    throw new Error('it was taken')
  })
})
