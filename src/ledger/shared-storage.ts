/** Storage that several machines change: file systems and synchronised folders where a ledger's locks and syncs cannot be trusted. */

/** File system types of Linux, `statfs(2)` and the kernel's `magic.h`. FUSE is left out: local disks use it too. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x564c, 'NCP'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x01021997, '9P'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
  [0xaad7aaea, 'PanFS'],
  [0x19830326, 'BeeGFS'],
  [0x20030528, 'OrangeFS'],
  [0xbacbacbc, 'VMware shared folder'],
  [0x786f4256, 'VirtualBox shared folder'],
]);

/** The name of the network file system that `folder` lies on. On Windows only UNC paths are known, on macOS none. */
export function networkFileSystem(
  folder: string,
  platform: string,
  type: number | undefined,
): string | undefined {
  if (platform === 'win32' && /^(?:\\\\\?\\UNC\\|\\\\(?![?.]\\))/u.test(folder)) return 'UNC';
  return type === undefined ? undefined : networkTypes.get(type >>> 0);
}

const services: readonly (readonly [RegExp, string])[] = [
  [/^onedrive(?: - .*)?$/u, 'OneDrive'],
  [/^dropbox(?: \(.*\))?$/u, 'Dropbox'],
  [/^(?:google drive|googledrive-.*|my drive)$/u, 'Google Drive'],
  [/^(?:icloud drive|iclouddrive|mobile documents)$/u, 'iCloud'],
  [/^(?:nutstore|我的坚果云|坚果云)$/u, '坚果云'],
  [/^(?:wps云盘|wps cloud files|wpsdrive)$/u, 'WPS 云盘'],
  [/^(?:baidusyncdisk|百度网盘同步空间)$/u, '百度网盘'],
];

/** The service that keeps copies of `folder` on other machines, judged by the names that these services give their folders. */
export function syncedFolder(folder: string): string | undefined {
  for (const segment of folder.toLowerCase().split(/[/\\]/u)) {
    for (const [pattern, service] of services) if (pattern.test(segment)) return service;
  }
  return undefined;
}
