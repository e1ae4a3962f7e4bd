/** The flags that say with what a window is reached: they name files and commands, never a secret. */
import type { FlagSpec } from './common-flags.ts';

export const accessFlags: readonly FlagSpec[] = [
  {
    name: 'tokenFile',
    value: 'FILE',
    describe: {
      zh: '存放令牌的文件，权限须为 0600；- 表示标准输入',
      en: 'the file with the token, mode 0600; - is standard input',
    },
  },
  {
    name: 'tokenCommand',
    value: 'COMMAND',
    describe: { zh: '输出令牌的命令', en: 'a command that prints the token' },
  },
  {
    name: 'caFile',
    value: 'FILE',
    describe: {
      zh: '窗口自建证书机构的证书（PEM）；指定后只信任它',
      en: "the certificate (PEM) of the window's own authority; nothing else is trusted then",
    },
  },
  {
    name: 'clientCert',
    value: 'FILE',
    describe: { zh: '客户端证书（PEM）', en: 'our client certificate (PEM)' },
  },
  {
    name: 'clientKey',
    value: 'FILE',
    describe: { zh: '客户端证书的私钥（PEM，0600）', en: 'its private key (PEM, 0600)' },
  },
];
