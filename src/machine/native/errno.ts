/** Error numbers of the kernel that we decide by; the same on x86-64 and AArch64 (`include/uapi/asm-generic/errno*.h`). */
export const errno = {
  EPERM: 1,
  ESRCH: 3,
  EINTR: 4,
  EAGAIN: 11,
  EACCES: 13,
  ENOSYS: 38,
  EAFNOSUPPORT: 97,
  EADDRINUSE: 98,
  EADDRNOTAVAIL: 99,
} as const
