/** What an office may choose of the messages that are written for it. */
import type { Settings } from '../config.ts';
import type { MessageForm } from '../model/message-form.ts';
import { loadMessageForm } from '../pack/message-form.ts';

/** The pack's form of a message, with the version and namespace of the settings. */
export function messageForm({ pack, messageVersion, messageNamespace }: Settings): MessageForm {
  const form = loadMessageForm(pack);
  return { ...form, version: messageVersion ?? form.version, namespace: messageNamespace ?? form.namespace };
}
