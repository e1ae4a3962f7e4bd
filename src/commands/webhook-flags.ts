/** The flags about webhooks: where they go, on which port they are heard, and who signs them. */
import type { FlagSpec } from './common-flags.ts';

const secretFile: FlagSpec = {
  name: 'webhookSecretFile',
  value: 'FILE',
  describe: {
    zh: '签名密钥文件（whsec_…，权限 0600），双方相同',
    en: 'the file with the secret that signs (whsec_…, mode 0600), the same on both sides',
  },
};

export const webhookFlags: readonly FlagSpec[] = [
  {
    name: 'webhook',
    value: 'URL',
    describe: {
      zh: '每个新情况都通知到这个地址（Standard Webhooks）',
      en: 'tell every event to this address, as a Standard Webhook',
    },
  },
  secretFile,
];

export const listenFlags: readonly FlagSpec[] = [
  {
    name: 'listen',
    value: 'PORT',
    describe: {
      zh: '在本机这个端口接收窗口的通知，收到就立即去看',
      en: "hear the window's webhooks on this port of this machine, and look at once",
    },
  },
  secretFile,
];
